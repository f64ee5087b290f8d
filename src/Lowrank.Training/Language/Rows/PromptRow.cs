namespace Lowrank.Training;

/// <summary>A prompt that the model is to answer.</summary>
/// <param name="Ids">Its ids.</param>
/// <param name="Text">It as text, as rewards are told it.</param>
/// <param name="Columns">The row's other columns by name, as texts.</param>
/// <param name="Place">Where it came from, as errors say it.</param>
sealed record PromptRow(IReadOnlyList<int> Ids, string Text, IReadOnlyDictionary<string, string> Columns, string Place);
