namespace Lowrank.Workbench;

/// <summary>Merges adapters into a base model.</summary>
static class MergeIntoModel
{
    public static MergingReport Run(MergingRequest request, JobRun run)
    {
        var device = Devices.Named(request.Device);
        string[] paths = [.. request.Adapters.Select(adapter => adapter.Path)];
        using var model = request.Base.Open(paths);
        NothingAdded.Refuse(request.Adapters);
        using var read = new AdapterInputs(paths, model, request.Base.AllowUnmatched, device);
        var notesOn = request.Adapters.Zip(read.All, (adapter, input) => adapter.NotesOn(input.Adapter, model.Describe()));
        string[] unused = [.. notesOn.SelectMany(notes => notes)];
        var terms = request.Adapters.Zip(read.All, (adapter, input) => adapter.Term(input.Adapter, model.Describe().Family));
        var merge = new WeightMerge(model.Describe(), [.. terms], ComputeDevice.Weights(model, device));
        string[] changed = [.. merge.Weights], absent = [.. changed.Where(name => !model.Has(name))];
        var written = MergedModel.Write(model, ComputeDevice.Edit(merge, device), request, paths, run);
        List<string> notes =
        [
            .. read.Notes, .. TrainedBases.OfSum(read.Placed), .. MergeChoice.Remarks(request.Adapters), .. unused,
            .. request.Adapters.Zip(read.All, (adapter, input) => WordsLeft(adapter.Path, input.Adapter)).OfType<string>(),
            .. request.Base.Unused(model, read.PassedOver.Count > 0), .. written.Notes,
        ];
        if (written.Changed == 0) notes.Add($"No weight of {model.Location} changes: the model is written as it was.");
        if (absent.Length > 0)
            notes.Add($"{absent.Length} of {changed.Length} weights and biases that the adapters change are not in {model.Location}.");
        string[] told = [model.Location, .. request.Adapters.Select(adapter => adapter.Describe())];
        return new("base model", "adapters into a model", told, request.Output, written.Changed, null, written.Error, written.Bytes, notes)
        {
            PassedOver = read.PassedOver, Norm = written.Norm,
        };
    }

    // Words belong to prompts: weights hold none.
    static string? WordsLeft(string path, Adapter adapter) => adapter.Embeddings.Count == 0 ? null :
        $"The words of {path} ({string.Join(", ", adapter.Embeddings.Select(word => word.Name))}) are not in the model, which holds " +
        "none: draw with the adapter's file beside it, at strength 0, to use them.";
}
