namespace Lowrank.Language;

/// <summary>A part of a template: tokens, or the first or second text.</summary>
/// <param name="Ids">The tokens' ids, or null for a text.</param>
/// <param name="Text">0 for the first text, 1 for the second.</param>
/// <param name="TypeId">The type of its tokens.</param>
sealed record TemplatePart(IReadOnlyList<int>? Ids, int Text, int TypeId);
