// Sends the one form of the page that takes an answer on to a service.
HTMLFormElement.prototype.submit.call(document.forms[0]);
