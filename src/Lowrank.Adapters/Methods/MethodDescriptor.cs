namespace Lowrank.Adapters;

/// <summary>What there is to know of a method without running it.</summary>
/// <param name="Name">Its name, as users write it.</param>
/// <param name="Paper">Where it is defined.</param>
/// <param name="Parts">Its tensors.</param>
/// <param name="Fits">Whether it can adapt a target.</param>
/// <param name="Create">A fresh one that changes nothing yet, its random parts drawn from the generator (null: the default one).</param>
/// <param name="FromParts">One made of the tensors of a file, by part name.</param>
public sealed record MethodDescriptor(
    string Name, string Paper, IReadOnlyList<PartDescriptor> Parts, Func<Target, bool> Fits,
    Func<Target, MethodOptions, Generator?, Reparameterization> Create,
    Func<Target, IReadOnlyDictionary<string, Tensor>, Reparameterization> FromParts);
