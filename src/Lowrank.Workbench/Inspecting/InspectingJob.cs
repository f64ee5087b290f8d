namespace Lowrank.Workbench;

/// <summary>Says what is in adapter files or base models. Of several, one that cannot be read does not hide the others.</summary>
public sealed class InspectingJob : Job<InspectingRequest, IReadOnlyList<InspectReport>>
{
    /// <inheritdoc/>
    protected override IReadOnlyList<InspectReport> Work(InspectingRequest request, JobRun run)
    {
        if (request.Paths is [var only]) return [Inspect(only, request)];
        var stage = run.Begin("reading", request.Paths.Count);
        var reports = new List<InspectReport>();
        foreach (string path in request.Paths)
        {
            run.Cancel.ThrowIfCancellationRequested();
            stage.Report(reports.Count, path);
            reports.Add(InspectOrTellError(path, request));
        }
        stage.Done();
        return reports;
    }

    static InspectReport InspectOrTellError(string path, InspectingRequest request)
    {
        try
        {
            return Inspect(path, request);
        }
        catch (LowrankException error)
        {
            return new("error", path, null, null, null, error.Message);
        }
    }

    static InspectReport Inspect(string path, InspectingRequest request)
    {
        bool isModelFolder = Directory.Exists(path) && !AdapterPlace.IsFolder(path);
        if (isModelFolder) return new("base model", path, null, null, BaseModelInspection.Inspect(path));
        using var file = AdapterFile.Open(path);
        Dialects.RequireTensors(file);
        if (BaseModelInspection.InspectIfModel(file) is { } model)
            return new("base model", path, FactsOf(hashedUnasked: false), null, model);
        var families = ModelKinds.Families;
        var adapter = request.Norms ? AdapterInspection.Measure(file, families) : AdapterInspection.Inspect(file, families);
        bool isAdapter = adapter.Modules.Count > 0 || adapter.Embeddings.Count > 0;
        if (!isAdapter) return new("tensors", path, FactsOf(hashedUnasked: false), null, null);
        var health = request.Norms ? AdapterHealth.Of(file, adapter) : AdapterHealth.OfHeader(adapter);
        return new("adapter", path, FactsOf(hashedUnasked: true), AdapterFacts.Of(adapter, health), null);

        FileFacts FactsOf(bool hashedUnasked)
        {
            bool hashed = request.Hashes ?? hashedUnasked;
            return FileFacts.Of(file, request.Keys, hashed ? FileHashes.Of(AdapterPlace.TensorsOf(path), file) : null);
        }
    }
}
