namespace Lowrank.Language;

/// <summary>What cycler() gives: its items in turn, without an end.</summary>
sealed class Cycler(IReadOnlyList<object> items) : IHasAttributes
{
    int place;

    /// <inheritdoc/>
    public object? Attribute(string name) => name switch
    {
        "next" => new TemplateFunction("next", (_, _) => items[place++ % items.Count]),
        "current" => items[place % items.Count],
        "reset" => new TemplateFunction("reset", (_, _) =>
        {
            place = 0;
            return PythonNone.Value;
        }),
        _ => null,
    };
}
