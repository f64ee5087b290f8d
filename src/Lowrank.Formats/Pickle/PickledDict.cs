namespace Lowrank.Formats;

/// <summary>A dictionary in the order of its pickle. Keys are plain values.</summary>
sealed class PickledDict
{
    internal List<(object? Key, object? Value)> Items { get; } = [];

    internal object? this[string name] => Items.LastOrDefault(item => item.Key is string key && key == name).Value;
}
