namespace Lowrank.Language;

/// <summary>A conversation that ends in an answer.</summary>
/// <param name="Number">Its number in the file, from 1.</param>
/// <param name="Turns">The messages, the last of the assistant.</param>
/// <param name="Plain">What stands before the answer where there is no chat template; null where the row is of messages.</param>
public sealed record AnswerRow(int Number, Conversation Turns, string? Plain)
{
    /// <summary>Where it stands, as errors say it.</summary>
    public string Place { get; init; } = $"row {Number}";

    /// <summary>The last answer; empty where it calls a tool alone.</summary>
    public string Answer => Turns.Messages[^1].Content ?? "";

    /// <summary>What it answers, as people read it.</summary>
    public string Asked => Plain ?? Turns.Messages.LastOrDefault(message => message.Role == "user")?.Content ?? "";
}
