namespace Lowrank.Adapters;

/// <summary>A name by which people ask for a method: the method's own, or that of a method with some option set.</summary>
/// <param name="Name">The name, in lower case with hyphens.</param>
/// <param name="Method">The method.</param>
/// <param name="Meaning">What it is, in a line.</param>
public sealed record MethodName(string Name, MethodDescriptor Method, string Meaning)
{
    /// <summary>The options that the name brings; what is given beside the name comes after.</summary>
    public Func<MethodOptions, MethodOptions> Set { get; init; } = static options => options;

    /// <summary>Whether convolutions with a kernel are adapted too where nobody says.</summary>
    public bool Convolutions { get; init; }
}
