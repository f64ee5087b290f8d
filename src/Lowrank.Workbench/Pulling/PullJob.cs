namespace Lowrank.Workbench;

/// <summary>Fetches what is needed of a model or an adapter from the hub. Stopped, it keeps what has arrived.</summary>
/// <param name="settings">Where the hub and the cache are; null asks the environment.</param>
public sealed class PullJob(HubSettings? settings = null) : Job<PullRequest, PullReport>
{
    const long MostBytes = 1L << 50;
    const string Forbidding = "HF_HUB_OFFLINE or TRANSFORMERS_OFFLINE";

    /// <inheritdoc/>
    protected override PullReport Work(PullRequest request, JobRun run)
    {
        var used = settings ?? HubSettings.OfEnvironment();
        var name = request.Meant;
        var cache = new HubCache(used.Cache, used.UsesLinks);
        if (used.IsOffline) return Offline(request, name, cache);
        try
        {
            return Pull(request, name, used, cache, run);
        }
        catch (OperationCanceledException) when (run.Cancel.IsCancellationRequested)
        {
            throw new StoppedException($"Stopped. What has arrived of {name} is kept, and the same call goes on from there.");
        }
    }

    static PullReport Pull(PullRequest request, HubName name, HubSettings settings, HubCache cache, JobRun run)
    {
        using var client = new HubClient(settings);
        if (client.Withheld is { } withheld) run.Say(withheld);
        var asking = run.Begin($"asking {settings.Endpoint.Host}");
        var repository = new HubRepository(client, settings, name, run.Cancel, run.Say);
        var choice = new HubSelection(repository).Choose(name.Path, new(request.Include, request.Exclude));
        if (choice.Missing.Count > 0)
            throw new LowrankException($"{name.Id} lacks {string.Join(", ", choice.Missing)} on {settings.Endpoint.Host}; " +
                "`include` takes files as they are.");
        asking.Done();
        string commit = repository.Commit;
        var files = choice.Files.Select(file => new PulledFile(file.Path, file.Size, cache.Present(name, commit, file))).ToList();
        RefuseAbsurd(files, settings);
        string folder = cache.SnapshotOf(name, commit);
        string place = choice.Place.Length == 0 ? folder : HubPath.Below(folder, choice.Place);
        var report = new PullReport(name.ToString(), choice.What, commit, request.DryRun ? null : place, files) { Notes = choice.Notes };
        if (request.DryRun) return report;
        RequireRoom(report, settings.Cache);
        cache.Prepare(name);
        Fetch(choice.Files, report, new(client, repository, settings, cache, name, run));
        cache.Remember(name, commit);
        return report;
    }

    static void Fetch(IReadOnlyList<HubFile> files, PullReport report, PullCourse course)
    {
        long bytes = report.Bytes, before = 0;
        var stage = course.Run.Begin("fetching", Math.Max(bytes, 1));
        foreach (var (index, file) in files.Index())
        {
            long start = before;
            course.Fetch(file, arrived => stage.Report(start + arrived,
                $"{Quantity.Bytes(start + arrived)} of {Quantity.Bytes(bytes)}, file {index + 1} of {files.Count}: {file.Path}"));
            before += file.Size;
        }
        stage.Done();
    }

    static void RefuseAbsurd(List<PulledFile> files, HubSettings settings)
    {
        decimal bytes = files.Sum(file => (decimal)file.Bytes);
        if (bytes <= MostBytes) return;
        throw new LowrankException($"{settings.Endpoint.Host} lists files of more than {Quantity.Bytes(MostBytes)}, which no disk holds.");
    }

    static void RequireRoom(PullReport report, string cache)
    {
        string there = Path.GetFullPath(cache);
        while (!Directory.Exists(there) && Path.GetDirectoryName(there) is { } above) there = above;
        long free = new DriveInfo(there).AvailableFreeSpace;
        if (report.Fetched > free)
            throw new LowrankException(
                $"{report.Name} needs {Quantity.Bytes(report.Fetched)} more, and {cache} has {Quantity.Bytes(free)} free. " +
                "Make room, or set HF_HUB_CACHE to a folder on another disk.");
    }

    // What is there already needs no network.
    static PullReport Offline(PullRequest request, HubName name, HubCache cache)
    {
        if (cache.Snapshot(name) is not { } snapshot)
            throw new LowrankException($"{name} is not in the cache, and {Forbidding} forbids fetching it. Set it to 0.");
        string place;
        try
        {
            place = HubPlaces.PlaceIn(snapshot, name);
        }
        catch (LowrankException error)
        {
            string why = error.Message.TrimEnd('.');
            throw new LowrankException($"{name} is not wholly in the cache ({why}), and {Forbidding} forbids fetching it.", error);
        }
        var files = snapshot.Files.Select(file => new PulledFile(file.Path, file.Size, file.Size)).ToList();
        return new(name.ToString(), "in the cache", Path.GetFileName(snapshot.Folder), place, files)
        {
            Notes =
            [
                $"{Forbidding} is set: the hub was not asked whether there is something newer",
                .. new HubPatterns(request.Include, request.Exclude).Unused("nothing is fetched, and what is in the cache is listed"),
            ],
        };
    }
}
