namespace Lowrank.Torch;

/// <summary>An argument whose values are of one type.</summary>
/// <typeparam name="T">The type.</typeparam>
public sealed record TypedArgument<T> : NamedArgument where T : struct
{
    readonly T standard;
    readonly string kind;
    readonly Func<string, T?> read;
    readonly Func<T, string> write;

    internal TypedArgument(string name, string help, T standard, string kind, Func<string, T?> read, Func<T, string> write)
        : base(name, help, write(standard)) => (this.standard, this.kind, this.read, this.write) = (standard, kind, read, write);

    /// <summary>Which values may be given; null for any.</summary>
    public NumberRange? Range { get; init; }

    /// <inheritdoc/>
    public override string? RangeText => Range?.Text;

    /// <summary>Its value among those that were given, by name; the default where it is not there.</summary>
    /// <exception cref="LowrankException">It is of another kind.</exception>
    public T In(IReadOnlyDictionary<string, string> given) => given.TryGetValue(Name, out var text) ? Read(text) : standard;

    /// <inheritdoc/>
    public override string Plain(string text) => write(Read(text));

    /// <inheritdoc/>
    public override string? Fault(string text)
    {
        if (read(text) is not { } value) return Misread(text);
        return Range?.Fault(Name, Convert.ToDouble(value, System.Globalization.CultureInfo.InvariantCulture));
    }

    T Read(string text) => read(text) ?? throw new LowrankException(Misread(text));

    string Misread(string text) => PlainValue.Misread(Name, text, kind);
}
