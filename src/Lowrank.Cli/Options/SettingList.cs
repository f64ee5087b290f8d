using System.Collections;

namespace Lowrank.Cli;

/// <summary>Options, each with what its value sets of the thing that a call asks for, in the order in which they set it.</summary>
/// <typeparam name="T">The thing.</typeparam>
/// <example><code>{ new Option&lt;int&gt;("--steps"), (options, steps) =&gt; options with { Steps = steps } }</code></example>
sealed class SettingList<T> : IEnumerable<Option>
{
    readonly List<(Option Option, Func<T, ParseResult, T> Set)> settings = [];

    /// <summary>An option that sets something by its value, which is null where none was typed and none is usual.</summary>
    public void Add<TValue>(Option<TValue> option, Func<T, TValue?, T> set) =>
        settings.Add((option, (thing, result) => set(thing, result.GetValue(option))));

    /// <summary>Those of another list.</summary>
    public void Add(SettingList<T> others) => settings.AddRange(others.settings);

    /// <summary>The thing with every option's value: what was typed, else what is usual.</summary>
    public T Applied(T thing, ParseResult result) => settings.Aggregate(thing, (made, setting) => setting.Set(made, result));

    /// <summary>The thing with what was typed; the rest stays.</summary>
    public T Typed(T thing, ParseResult result) =>
        settings.Where(setting => result.IsGiven(setting.Option)).Aggregate(thing, (made, setting) => setting.Set(made, result));

    /// <inheritdoc/>
    public IEnumerator<Option> GetEnumerator() => settings.Select(setting => setting.Option).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
