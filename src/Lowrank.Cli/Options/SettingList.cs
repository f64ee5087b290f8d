using System.Collections;

namespace Lowrank.Cli;

/// <summary>Options, each with what its value sets of the thing that a call asks for, in the order in which they set it.</summary>
/// <typeparam name="T">The thing.</typeparam>
/// <example><code>{ new Option&lt;int&gt;("--steps"), (options, steps) =&gt; options with { Steps = steps } }</code></example>
sealed class SettingList<T> : IEnumerable<Option>
{
    readonly List<(Option Option, Func<T, ParseResult, T> Set, Option[] Needs)> settings = [];

    /// <summary>An option that sets something by its value, whatever else is typed.</summary>
    public void Add<TValue>(Option<TValue> option, Func<T, TValue?, T> set) => Add(option, set, []);

    /// <summary>An option that sets something by its value, which is null where none was typed and none is usual.</summary>
    /// <param name="option">The option.</param>
    /// <param name="set">What it sets.</param>
    /// <param name="needs">Options of which one is needed for it to change something.</param>
    public void Add<TValue>(Option<TValue> option, Func<T, TValue?, T> set, Option[] needs) =>
        settings.Add((option, (thing, result) => set(thing, result.GetValue(option)), needs));

    /// <summary>Those of another list.</summary>
    public void Add(SettingList<T> others) => settings.AddRange(others.settings);

    /// <summary>Which of them change nothing without others.</summary>
    public IEnumerable<OptionNeed> Needs =>
        settings.Where(setting => setting.Needs.Length > 0).Select(setting => new OptionNeed(setting.Option, setting.Needs));

    /// <summary>The thing with every option's value: what was typed, else what is usual.</summary>
    public T Applied(T thing, ParseResult result) => settings.Aggregate(thing, (made, setting) => setting.Set(made, result));

    /// <summary>The thing with what was typed; the rest stays.</summary>
    public T Typed(T thing, ParseResult result) =>
        settings.Where(setting => result.IsGiven(setting.Option)).Aggregate(thing, (made, setting) => setting.Set(made, result));

    /// <inheritdoc/>
    public IEnumerator<Option> GetEnumerator() => settings.Select(setting => setting.Option).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
