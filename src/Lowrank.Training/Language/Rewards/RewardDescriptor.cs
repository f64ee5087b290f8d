namespace Lowrank.Training;

/// <summary>What there is to know of a reward without scoring an answer.</summary>
/// <param name="Name">Its name, as recipes write it.</param>
/// <param name="Help">What it is, and what may stand after its name and a colon.</param>
/// <param name="Create">One of what stands there; of nothing, an empty text.</param>
public sealed record RewardDescriptor(string Name, string Help, Func<string, IReward> Create);
