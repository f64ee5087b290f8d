using Lowrank.Bench;

// dotnet run --project bench/Lowrank.Bench -c Release [-- MODE [ARGUMENTS] [--json FILE] [--processor-time]]
// Modes are in Modes.All; besides: document (writes docs/performance.md from bench/figures) ink [METHOD...] (draws docs/methods.png)
// and samplers (draws docs/samplers.png).
WaitingThreads.SleepSoon();
FreedMemory.Keep();
try
{
    return Run([.. args]);
}
catch (LowrankException exception)
{
    Console.Error.WriteLine(exception.Message);
    return 2;
}
catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
{
    Console.Error.WriteLine(exception.Message);
    return 1;
}

static int Run(List<string> asked)
{
    BenchClock.CountsProcessor = asked.Remove(Child.ProcessorTime);
    // Beside others, threads that wait for each other would count their waiting.
    set_num_threads(BenchClock.CountsProcessor ? 1 : Environment.ProcessorCount);
    string? json = TakeJson(asked);
    switch (asked)
    {
        case ["document"]: return Document();
        case ["ink", .. var again]: InkMethods.Print(again); return 0;
        case ["samplers"]: SamplerPictures.Draw(); return 0;
        case var child when Modes.IsChild(child): Modes.RunChild(child); return 0;
        default: return Measure(asked.Count == 0 ? "all" : asked[0], [.. asked.Skip(1)], json);
    }
}

static string? TakeJson(List<string> asked)
{
    int at = asked.IndexOf("--json");
    if (at < 0) return null;
    string path = asked.ElementAtOrDefault(at + 1) ?? throw new LowrankException("--json wants a file");
    if (path.Length == 0) throw new LowrankException("--json wants a file, and its name is empty");
    asked.RemoveRange(at, 2);
    string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
    if (!Directory.Exists(folder)) throw new LowrankException($"--json {path}: there is no folder {folder}");
    if (Directory.Exists(path)) throw new LowrankException($"--json {path}: a folder; name a file in it");
    return path;
}

static int Measure(string name, IReadOnlyList<string> asked, string? json)
{
    string known = string.Join("; ", Modes.All.Select(mode => mode.Told).Concat(["document", "ink [METHOD...]", "samplers"]));
    var mode = Modes.All.FirstOrDefault(mode => mode.Name == name)
        ?? throw new LowrankException($"no mode \"{name}\"; there are {known}");
    mode.Check(asked);
    var report = new Report(json, Console.Out);
    report.Begin();
    mode.Run(asked, report);
    report.Finish();
    return report.HasFailed ? 1 : 0;
}

static int Document()
{
    string root = BenchModel.FindRoot();
    foreach (var (path, text) in PerformancePage.Write(PerformancePage.Read(root)))
    {
        File.WriteAllText(Path.Combine(root, path), text);
        Console.WriteLine(path);
    }
    return 0;
}
