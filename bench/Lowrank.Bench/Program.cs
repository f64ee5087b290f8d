using Lowrank.Bench;

// dotnet run --project bench/Lowrank.Bench -c Release [-- MODE [ARGUMENTS] [--json FILE] [--processor-time]]
// Modes are in Modes.All; besides: document (writes docs/performance.md from bench/figures) and ink [METHOD...] (draws docs/methods.png).
var asked = args.ToList();
BenchClock.CountsProcessor = asked.Remove(Child.ProcessorTime);
int at = asked.IndexOf("--json");
string? json = at >= 0 ? asked.ElementAtOrDefault(at + 1) ?? throw new LowrankException("--json wants a file") : null;
if (at >= 0) asked.RemoveRange(at, 2);

WaitingThreads.SleepSoon();
FreedMemory.Keep();
// Beside others, threads that wait for each other would count their waiting.
set_num_threads(BenchClock.CountsProcessor ? 1 : Environment.ProcessorCount);

switch (asked)
{
    case ["document"]: return Document();
    case ["ink", .. var again]: InkMethods.Print(again); return 0;
    case var child when Modes.IsChild(child): Modes.RunChild(child); return 0;
}

string name = asked.Count == 0 ? "all" : asked[0];
if (Modes.All.FirstOrDefault(mode => mode.Name == name) is not { } mode)
{
    Console.Error.WriteLine($"no mode \"{name}\"; there are");
    foreach (var known in Modes.All) Console.Error.WriteLine($"  {known.Name} {known.Arguments}");
    Console.Error.WriteLine("  document\n  ink [METHOD...]");
    return 2;
}
var report = new Report(json, Console.Out);
report.Begin();
mode.Run([.. asked.Skip(1)], report);
return report.HasFailed ? 1 : 0;

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
