class SessionsController < ApplicationController
  def create
    reset_session
    session[:person_id] = params[:who]
    redirect_to "/"
  end

  def destroy
    reset_session
    # What the chat keeps in the browser goes too: messages that wait to be sent, and unsent text
    response.headers["Clear-Site-Data"] = '"storage"'
    redirect_to "/", status: :see_other
  end
end
