class SupportController < ApplicationController
  before_action { head :unauthorized unless current_user }

  # A page of your own that speaks to Deskbell by @rails/actioncable
  def show
  end

  # Asked for when the token of an open page has expired
  def token
    response.headers["Cache-Control"] = "no-store"
    render plain: SupportToken.for_customer(current_user)
  end

  # Leads staff to the dashboard, signed in
  def staff
    head :forbidden unless current_user.staff?
  end
end
