namespace Lowrank.Training;

/// <summary>A question with its answer, as ids.</summary>
/// <param name="Source">What is asked, with the system's words where it is the first.</param>
/// <param name="Target">The answer with its end.</param>
readonly record struct FactoryTurn(IReadOnlyList<int> Source, IReadOnlyList<int> Target);
