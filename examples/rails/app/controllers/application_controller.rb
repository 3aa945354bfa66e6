class ApplicationController < ActionController::Base
  helper_method :current_user

  def current_user = Person.find(session[:person_id])
end
