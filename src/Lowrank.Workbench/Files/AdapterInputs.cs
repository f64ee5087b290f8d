namespace Lowrank.Workbench;

/// <summary>Several adapters read for one base model, held together.</summary>
sealed class AdapterInputs : IDisposable
{
    readonly List<AdapterInput> all;
    readonly List<string> paths;

    /// <summary>Reads them in order.</summary>
    /// <param name="paths">Files or PEFT folders.</param>
    /// <param name="model">The model.</param>
    /// <param name="allowUnmatched">Whether keys that belong to no layer are passed over.</param>
    /// <param name="device">Where they are computed with.</param>
    /// <exception cref="LowrankException">One does not fit the model; none is left open.</exception>
    public AdapterInputs(IEnumerable<string> paths, ModelOutline model, bool allowUnmatched, Device device)
    {
        this.paths = [.. paths];
        all = AllOrNone.Open(this.paths, path => AdapterInput.Read(path, model, allowUnmatched, device));
    }

    /// <summary>The adapters, in order.</summary>
    public IReadOnlyList<AdapterInput> All => all;

    /// <summary>The same with their places.</summary>
    public IReadOnlyList<(string Path, Adapter Adapter)> Placed => [.. paths.Zip(all, (path, input) => (path, input.Adapter))];

    /// <summary>What their readers want the user to know.</summary>
    public IReadOnlyList<string> Notes => [.. all.SelectMany(input => input.Adapter.Notes).Distinct()];

    /// <summary>The same, and what is told where they are written again.</summary>
    /// <param name="asked">The dtype that was asked for.</param>
    public IReadOnlyList<string> NotesFor(ScalarType? asked) => [.. all.SelectMany(input => input.NotesFor(asked)).Distinct()];

    /// <summary>What the files held and was not used.</summary>
    public IReadOnlyList<PassedOver> PassedOver => [.. all.SelectMany(input => input.Adapter.PassedOver).Distinct()];

    /// <summary>Number of layers that any of them adapts.</summary>
    public int Targets => all.SelectMany(input => input.Adapter.Targets.Keys).Distinct().Count();

    public void Dispose() => all.ForEach(input => input.Dispose());
}
