namespace Lowrank.Adapters;

/// <summary>LyCORIS's names: the module's own path with underscores for dots.</summary>
/// <remarks>
/// The wrapper holds one module: of a model of several components one alone is written, under its own names. Those of a module that holds
/// the components by name are read.
/// </remarks>
sealed class LycorisSpelling : Spelling
{
    /// <summary>What every name begins with.</summary>
    public const string Prefix = "lycoris_";

    /// <inheritdoc/>
    public override IReadOnlyList<(string Suffix, string Method, string Part)> Suffixes => KohyaParts.All;

    /// <inheritdoc/>
    public override IEnumerable<string> Names(ModelDescription model, ModelComponent component, Target target)
    {
        var own = component.PathsOf(target);
        return (model.Components.Count == 1 ? own : own.Prepend(target.Path)).Select(Spelled);
    }

    /// <inheritdoc/>
    public override string? WrittenName(Adapter adapter, ModelDescription model, ModelComponent component, Target target) =>
        StandsAlone(adapter, model, component, target) ? Spelled(component.PathOf(target)) : null;

    static string Spelled(string path) => Prefix + path.Replace('.', '_');
}
