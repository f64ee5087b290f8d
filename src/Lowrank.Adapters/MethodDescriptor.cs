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

/// <summary>One named tensor of a method.</summary>
/// <param name="Name">Its name among the method's parts.</param>
/// <param name="Shape">Its shape in terms of out, in, rank and kernel.</param>
/// <param name="Required">Whether a file must hold it.</param>
public sealed record PartDescriptor(string Name, string Shape, bool Required = true);

/// <summary>What every low-rank method is asked for.</summary>
/// <param name="Rank">Rank of the factors, 1 or more.</param>
/// <param name="Alpha">Numerator of the scale; null or 0 means the rank, so that the scale is 1.</param>
public record MethodOptions(int Rank, double? Alpha = null)
{
    /// <summary>What is out of its range, one sentence each with the value; none when all is well.</summary>
    public virtual IEnumerable<string> Faults()
    {
        if (Rank < 1) yield return $"rank {Rank} is not 1 or more (4 to 64 are usual)";
        if (Alpha is { } alpha && !(alpha >= 0 && double.IsFinite(alpha))) yield return $"alpha {alpha} is not a finite number of 0 or more";
    }
}
