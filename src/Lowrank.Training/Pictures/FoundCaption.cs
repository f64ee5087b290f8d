namespace Lowrank.Training;

/// <summary>What stands beside a picture as its caption.</summary>
/// <param name="Text">The caption: the first line of what was found; null where nothing was.</param>
/// <param name="HasNotes">Whether further lines are left out.</param>
/// <param name="Passed">Files that say something too and were passed over.</param>
/// <param name="Unread">Files that hold no caption, each with the reason.</param>
sealed record FoundCaption(string? Text, bool HasNotes, IReadOnlyList<string> Passed, IReadOnlyList<string> Unread);
