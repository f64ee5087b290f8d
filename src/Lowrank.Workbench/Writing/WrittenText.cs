using Lowrank.Language;

namespace Lowrank.Workbench;

/// <summary>A text that was written.</summary>
/// <param name="Prompt">What it goes on with, or answers.</param>
/// <param name="Text">The text.</param>
/// <param name="Finish">Why it ended.</param>
/// <param name="PromptTokens">Tokens of the prompt, the template's among them.</param>
/// <param name="Tokens">Tokens that were written, an end token among them.</param>
/// <param name="Ids">These.</param>
/// <param name="Stop">The stop string that ended it; null for none.</param>
/// <param name="Seed">The seed of its draws; null where none were made.</param>
/// <param name="Score">Of a search by beams, the score; else null.</param>
public sealed record WrittenText(
    string Prompt, string Text, FinishReason Finish, int PromptTokens, int Tokens, IReadOnlyList<int> Ids, string? Stop, long? Seed,
    double? Score);
