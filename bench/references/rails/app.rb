# The specification's own stack: Rails 6.1 and ActionCable (Debian's packages) on PostgreSQL, in production mode, in one file.
# DATABASE is a URL of PostgreSQL. A token stands in for a session: "user-1".
require 'rails'
require 'active_record/railtie'
require 'action_controller/railtie'
require 'action_cable/engine'

class App < Rails::Application
  config.root = __dir__
  config.eager_load = true
  config.cache_classes = true
  config.consider_all_requests_local = false
  config.secret_key_base = 'bench' * 16
  config.logger = Logger.new($stderr)
  config.log_level = :fatal # a saturated server would log every message it drops
  config.api_only = true
  config.hosts.clear
  config.action_cable.disable_request_forgery_protection = true
  config.action_cable.mount_path = '/cable'
  config.active_record.default_timezone = :utc
  def config.database_configuration
    { 'production' => { 'url' => ENV.fetch('DATABASE'), 'pool' => 10 } }
  end
end
ActionCable.server.config.cable = { 'adapter' => 'async' }

class ApplicationRecord < ActiveRecord::Base
  self.abstract_class = true
end

class User < ApplicationRecord
  has_one :support_chat
  def admin? = role == 'admin'
  def self.from_token(token) = (m = /\A(?:user|admin)-(\d+)\z/.match(token.to_s)) && find_by(id: m[1])
end

class SupportChat < ApplicationRecord
  belongs_to :user
  has_many :support_messages, -> { order(:created_at) }, foreign_key: :chat_id
end

class SupportMessage < ApplicationRecord
  belongs_to :support_chat, foreign_key: :chat_id
  validates :content, presence: true
  validates :sender_type, inclusion: { in: %w[user admin] }
  after_create { support_chat.update!(last_message_at: created_at, archived: false) }
  after_create_commit :broadcast

  def payload
    { id: id, content: content, sender_type: sender_type, read_at: read_at, created_at: created_at }
  end

  def broadcast
    ChatChannel.broadcast_to(support_chat, { type: 'new_message', message: payload })
    return unless sender_type == 'user'
    ActionCable.server.broadcast('admin_notifications',
      { type: 'new_user_message', chat_id: chat_id, user_email: support_chat.user.email, message: payload })
  end
end

module ApplicationCable
  class Connection < ActionCable::Connection::Base
    identified_by :current_user
    def connect
      self.current_user = User.from_token(request.params[:token]) || reject_unauthorized_connection
    end
  end

  class Channel < ActionCable::Channel::Base; end
end

class ChatChannel < ApplicationCable::Channel
  def subscribed
    @chat = SupportChat.find_by(id: params[:chat_id])
    return reject unless @chat && (current_user.admin? || @chat.user_id == current_user.id)
    stream_for @chat
  end

  def send_message(data)
    @chat.support_messages.create!(content: data['content'], sender_type: current_user.admin? ? 'admin' : 'user')
  end
end

class AdminNotificationChannel < ApplicationCable::Channel
  def subscribed
    current_user.admin? ? stream_from('admin_notifications') : reject
  end
end

class SupportChatsController < ActionController::API
  def show
    user = User.from_token(request.headers['Authorization'].to_s.delete_prefix('Bearer '))
    return head :unauthorized unless user
    chat = SupportChat.find_or_create_by!(user: user)
    render json: chat.as_json.merge(messages: chat.support_messages.map(&:payload))
  end
end

App.initialize!
App.routes.draw { get '/support_chat', to: 'support_chats#show' }
