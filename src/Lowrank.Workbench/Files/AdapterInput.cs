namespace Lowrank.Workbench;

/// <summary>An adapter read from a file, with what the file tells beside.</summary>
/// <param name="Adapter">The adapter.</param>
/// <param name="Dtype">dtype that holds all of its tensors.</param>
public sealed record AdapterInput(Adapter Adapter, ScalarType Dtype) : IDisposable
{
    string? dtypeNote;

    /// <summary>What is told where it is written again.</summary>
    /// <param name="asked">The dtype that was asked for.</param>
    internal IEnumerable<string> NotesFor(ScalarType? asked) =>
        asked is null && dtypeNote is { } note ? [.. Adapter.Notes, note] : Adapter.Notes;

    /// <summary>Reads a file for a base model.</summary>
    /// <param name="path">File or PEFT folder.</param>
    /// <param name="model">The model.</param>
    /// <param name="allowUnmatched">Whether keys that belong to no layer are passed over.</param>
    /// <param name="device">Where it is computed with; null means the CPU.</param>
    /// <exception cref="LowrankException">It does not fit the model.</exception>
    public static AdapterInput Read(string path, ModelOutline model, bool allowUnmatched, Device? device = null)
    {
        using var file = AdapterFile.Open(path);
        try
        {
            var adapter = AdapterFile.Read(file, model.Describe(), allowUnmatched, model.Weight);
            adapter.Train(false);
            if (device is not null) ComputeDevice.Place(adapter, device);
            return new(adapter, AdapterConversion.DtypeOf(file)) { dtypeNote = AdapterConversion.DtypeNote(file) };
        }
        catch (LowrankException error) when (IsPublishedShape(model))
        {
            throw new LowrankException($"{error.Message} It was read for the published shape of {model.Location}; " +
                "for a model of another shape give that model (`base model`).", error);
        }
    }

    static bool IsPublishedShape(ModelOutline model) => !model.HasWeights && ModelKinds.All.Any(kind => kind.Family.Name == model.Family);

    /// <inheritdoc/>
    public void Dispose() => Adapter.Dispose();
}
