namespace Lowrank.Language;

/// <summary>The arguments of a call.</summary>
/// <param name="Positional">Those by place.</param>
/// <param name="Named">Those by name, in order.</param>
sealed record CallArguments(IReadOnlyList<object> Positional, IReadOnlyList<(string Name, object Value)> Named)
{
    /// <summary>None.</summary>
    public static CallArguments Empty { get; } = new([], []);

    /// <summary>The same without so many at the front.</summary>
    public CallArguments Skip(int count) => new([.. Positional.Skip(count)], Named);
}
