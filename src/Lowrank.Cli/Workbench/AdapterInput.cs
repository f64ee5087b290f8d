using Lowrank.Adapters;
using Lowrank.Models;
using static TorchSharp.torch;

namespace Lowrank.Cli;

/// <summary>An adapter read from a file, with what the file tells beside.</summary>
/// <param name="Adapter">The adapter.</param>
/// <param name="Dtype">dtype of most of its tensors.</param>
sealed record AdapterInput(Adapter Adapter, ScalarType Dtype) : IDisposable
{
    /// <summary>Reads a file for a base model.</summary>
    /// <param name="path">File or PEFT folder.</param>
    /// <param name="model">The model.</param>
    /// <param name="allowUnmatched">Whether keys that belong to no layer become notes.</param>
    /// <exception cref="LowrankException">It does not fit the model.</exception>
    public static AdapterInput Read(string path, ModelOutline model, bool allowUnmatched)
    {
        using var file = AdapterFile.Open(path);
        try
        {
            var adapter = AdapterFile.Read(file, model.Describe(), allowUnmatched, model.Weight);
            adapter.Train(false);
            return new(adapter, AdapterConversion.DtypeOf(file));
        }
        catch (LowrankException error) when (!model.HasWeights && ModelKinds.All.Any(kind => kind.Family == model.Family))
        {
            throw new LowrankException($"{error.Message} It was read for the published shape of {model.Location}; for a model of another shape give that model (--base-model).", error);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Adapter.Dispose();
}
