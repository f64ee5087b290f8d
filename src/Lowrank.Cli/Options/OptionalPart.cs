namespace Lowrank.Cli;

/// <summary>A part of what a call asks for, which one option asks for and others say more of.</summary>
/// <typeparam name="T">The part.</typeparam>
/// <param name="blank">The part before any option sets something of it.</param>
/// <param name="missing">What is said of an option that stands without the one that asks: "says how it is drawn: ask for it".</param>
/// <param name="settings">The options; the first asks for the part.</param>
sealed class OptionalPart<T>(T blank, string missing, SettingList<T> settings) where T : class
{
    readonly Option asks = settings.First();

    /// <summary>The options.</summary>
    public Option[] All => [.. settings];

    /// <summary>Which of them change nothing without others.</summary>
    public IEnumerable<OptionNeed> Needs => settings.Needs;

    /// <summary>Whether a call itself asks for the part.</summary>
    public bool IsAsked(ParseResult result) => result.IsGiven(asks);

    /// <summary>The part that a call asks for; null where it asks for none.</summary>
    /// <param name="result">The call.</param>
    /// <param name="told">The part that something else asks for, as a picture's text; what is typed comes before it. Null for none.</param>
    /// <exception cref="UsageException">An option says more of the part, and none asks for it.</exception>
    public T? Of(ParseResult result, T? told = null)
    {
        if (told is not null) return settings.Typed(told, result);
        if (IsAsked(result)) return settings.Applied(blank, result);
        return settings.FirstOrDefault(result.IsGiven) is { } alone
            ? throw new UsageException($"{alone.Name} {missing} with {asks.Name}.")
            : null;
    }
}
