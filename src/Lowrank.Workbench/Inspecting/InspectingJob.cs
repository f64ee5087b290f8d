namespace Lowrank.Workbench;

/// <summary>
/// Says what is in adapter files or base models; a folder of several adapters counts as what it holds. Of several, one that cannot be read
/// does not hide the others.
/// </summary>
public sealed class InspectingJob : Job<InspectingRequest, IReadOnlyList<InspectReport>>
{
    /// <inheritdoc/>
    protected override IReadOnlyList<InspectReport> Work(InspectingRequest request, JobRun run)
    {
        string[] paths = [.. request.Paths.SelectMany(PlacesIn)];
        bool isOne = paths.Length == 1;
        var asked = request;
        request = request with { Norms = request.Norms ?? isOne, Hashes = request.Hashes ?? (isOne ? null : false) };
        if (isOne) return [UnusedLooks.Beside(Inspect(paths[0], request), asked)];
        if (request.Keys) throw new RequestException($"`keys` lists the tensors of one file, and {paths.Length} are looked at. Name one.");
        var stage = run.Begin("reading", paths.Length);
        var reports = new List<InspectReport>();
        foreach (string path in paths)
        {
            run.Cancel.ThrowIfCancellationRequested();
            stage.Report(reports.Count, path);
            reports.Add(InspectOrTellError(path, request));
        }
        stage.Done();
        return reports;
    }

    static IReadOnlyList<string> PlacesIn(string given)
    {
        try
        {
            return InnerAdapters.Of(HubPlaces.Find(given));
        }
        catch (LowrankException)
        {
            return [given];   // what is wrong with it is told when it is looked at
        }
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

    // A folder of one network has its weights as a file of their own, where they are asked for; of several parts each has some.
    static FileFacts? WeightsOf(string folder, BaseModelReport model, InspectingRequest request)
    {
        const string Stem = "model";
        bool isAsked = request.Keys || request.Hashes == true, isOnePart = File.Exists(Path.Combine(folder, "config.json"));
        if (!isAsked || !isOnePart || model.Components is not [_]) return null;
        using var weights = WeightFiles.Open(folder, Stem);
        bool isHashed = request.Hashes == true && weights.Files is [_];
        return FileFacts.Of(weights, request.Keys, isHashed ? FileHashes.Of(weights.Files[0], weights) : null);
    }

    static InspectReport Inspect(string given, InspectingRequest request)
    {
        string path = HubPlaces.Find(given);
        bool isModelFolder = Directory.Exists(path) && !AdapterPlace.IsFolder(path);
        if (isModelFolder) GivenModels.Check(path);
        if (isModelFolder)
        {
            var whole = BaseModelInspection.Inspect(path);   // which tells a folder that is no model better than its weights do
            return new("base model", path, WeightsOf(path, whole, request), null, whole);
        }
        using var file = AdapterFile.Open(path);
        Dialects.RequireTensors(file);
        if (BaseModelInspection.InspectIfModel(file) is { } model)
            return new("base model", path, FactsOf(hashedUnasked: false), null, model);
        var families = ModelKinds.Families;
        bool measures = request.Norms == true;
        var adapter = measures ? AdapterInspection.Measure(file, families) : AdapterInspection.Inspect(file, families);
        bool isAdapter = adapter.Modules.Count > 0 || adapter.Embeddings.Count > 0 || adapter.Prompt is not null;
        if (!isAdapter) return new("tensors", path, FactsOf(hashedUnasked: false), null, null);
        var health = measures ? AdapterHealth.Of(file, adapter) : AdapterHealth.OfHeader(adapter);
        return new("adapter", path, FactsOf(hashedUnasked: true), AdapterFacts.Of(adapter, health), null);

        FileFacts FactsOf(bool hashedUnasked)
        {
            bool hashed = request.Hashes ?? hashedUnasked;
            return FileFacts.Of(file, request.Keys, hashed ? FileHashes.Of(AdapterPlace.TensorsOf(path), file) : null);
        }
    }
}
