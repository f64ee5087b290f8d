using Microsoft.Extensions.AI;
using AiMessage = Microsoft.Extensions.AI.ChatMessage;

namespace Lowrank.Language;

/// <summary>Messages of <c>Microsoft.Extensions.AI</c> as a conversation.</summary>
static class ClientMessages
{
    /// <summary>The conversation.</summary>
    /// <param name="messages">The messages.</param>
    /// <param name="instructions">What the system says before them; null for nothing.</param>
    /// <exception cref="LowrankException">A message holds something else than text.</exception>
    public static Conversation Conversation(IEnumerable<AiMessage> messages, string? instructions)
    {
        List<ChatMessage> made = [.. messages.Select(message => new ChatMessage(message.Role.Value, TextOf(message)))];
        return new(instructions is null ? made : [new("system", instructions), .. made]);
    }

    static string TextOf(AiMessage message)
    {
        foreach (var content in message.Contents)
            if (content is not (TextContent or UsageContent))
                throw new LowrankException($"a message of {message.Role} holds {content.GetType().Name}, and language models here take " +
                    "text alone. Leave it out.");
        return message.Text;
    }
}
