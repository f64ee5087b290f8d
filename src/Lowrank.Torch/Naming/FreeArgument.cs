namespace Lowrank.Torch;

/// <summary>An argument that is read by a rule of its own: words of a list, several numbers, a number or none.</summary>
/// <typeparam name="T">What is read.</typeparam>
public sealed record FreeArgument<T> : NamedArgument
{
    readonly Func<string, (T? Value, string? Fault)> read;

    internal FreeArgument(string name, string help, string standard, string? range, Func<string, (T? Value, string? Fault)> read)
        : base(name, help, standard) => (RangeText, this.read) = (range, read);

    /// <inheritdoc/>
    public override string? RangeText { get; }

    /// <summary>Its value among those that were given, by name; the default where it is not there.</summary>
    /// <exception cref="LowrankException">It cannot be read.</exception>
    public T In(IReadOnlyDictionary<string, string> given)
    {
        var (value, fault) = read(given.TryGetValue(Name, out var text) ? text : Default);
        return fault is null ? value! : throw new LowrankException(fault);
    }

    /// <inheritdoc/>
    public override string? Fault(string text) => read(text).Fault;

    /// <inheritdoc/>
    public override string Plain(string text) => Fault(text) is { } fault ? throw new LowrankException(fault) : text.Trim();
}
