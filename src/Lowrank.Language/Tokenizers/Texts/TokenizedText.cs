namespace Lowrank.Language;

/// <summary>What a text, or a pair of texts, became: a row of tokens.</summary>
/// <param name="Ids">The tokens' ids.</param>
/// <param name="Offsets">For each token the code points of the text that it came from, first and end; (0, 0) for tokens that were
/// added.</param>
/// <param name="TypeIds">0 for the first text, 1 for the second where the model tells them apart.</param>
/// <param name="Added">Which tokens were added by the template: 1, else 0.</param>
/// <param name="Mask">Which tokens are to be looked at: 1, and 0 for padding.</param>
public sealed record TokenizedText(
    IReadOnlyList<int> Ids,
    IReadOnlyList<(int Start, int End)> Offsets,
    IReadOnlyList<int> TypeIds,
    IReadOnlyList<int> Added,
    IReadOnlyList<int> Mask);
