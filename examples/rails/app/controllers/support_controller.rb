class SupportController < ApplicationController
  before_action { head :unauthorized unless current_user }

  # A page of your own that talks to Deskbell with @rails/actioncable
  def show
  end

  # Requested when the token of an open page has expired
  def token
    response.headers["Cache-Control"] = "no-store"
    render plain: SupportToken.for_customer(current_user)
  end

  # Signs staff in to the dashboard
  def staff
    head :forbidden unless current_user.staff?
  end
end
