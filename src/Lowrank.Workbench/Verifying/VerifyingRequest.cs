namespace Lowrank.Workbench;

/// <summary>Two adapters that are to be compared by what they make of a base model.</summary>
/// <param name="A">An adapter of any dialect and method.</param>
/// <param name="B">Another.</param>
public sealed record VerifyingRequest(string A, string B) : IJobRequest
{
    /// <summary>The base model that they are for.</summary>
    public BaseModelChoice Base { get; init; } = new();

    /// <summary>The largest difference that counts as equal, as a share of the change at its layer; 0 or more.</summary>
    public double Tolerance { get; init; } = 1e-4;

    /// <summary>What computes; "auto" is the fastest that this machine has.</summary>
    public string Device { get; init; } = "auto";

    /// <inheritdoc/>
    public IEnumerable<string> Faults()
    {
        if (Tolerance is not >= 0) yield return $"`tolerance` is {PlainValue.Text(Tolerance)}; it must be 0 or more.";
    }

    /// <inheritdoc/>
    public IJobRequest Placed(Func<string, string> find) => this with { A = find(A), B = find(B), Base = Base.Placed(find) };
}
