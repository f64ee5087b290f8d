using System.Runtime.InteropServices;
using Lowrank.Bench;

// dotnet run --project bench/Lowrank.Bench -c Release [-- steps|memory|txt2img|flat [MODEL] [bf16|f32]]
// dotnet run --project bench/Lowrank.Bench -c Release -- methods [MODEL] [bf16|f32] [METHOD...] | merge | merge-file | files | resize | extract | ink [METHOD...] | checkpoint
WaitingThreads.SleepSoon();
FreedMemory.Keep();
set_num_threads(Environment.ProcessorCount);
if (args is ["memory-of", var name, var type, var way])
{
    PeakMemory.Child(name, Dtype(type), way);
    return;
}
if (args is ["checkpoint-of", var from, var to])
{
    CheckpointFiles.Child(from, to);
    return;
}
if (args is ["merge-of", var single, var adapter, var output])
{
    FileMerge.Child(single, adapter, output);
    return;
}
if (args is ["txt2img-of", var folder])
{
    PictureMemory.Child(folder);
    return;
}
Console.WriteLine($"{Processor.Current.Name}, {Environment.ProcessorCount} cores, bfloat16 in hardware: {(Processor.Current.MultipliesBFloat16 ? "yes" : "no")}; {RuntimeInformation.OSDescription}; TorchSharp {typeof(torch).Assembly.GetName().Version}");
if (args is ["methods", ..])
{
    foreach (var model in args.Length > 1 ? [args[1]] : new[] { "transformer12", "sd15" })
        MethodSteps.Print(model, Dtype(args.ElementAtOrDefault(2) ?? "bf16"), rounds: model == "sd15" ? 3 : 7, args.Skip(3).ToList());
    return;
}
if (args is ["ink", ..])
{
    InkMethods.Print(args.Skip(1).ToList());
    return;
}
if (args is ["checkpoint"])
{
    CheckpointFiles.Print();
    return;
}
if (args is ["merge-file"])
{
    FileMerge.Print(rounds: 3);
    return;
}
if (args is ["files"])
{
    AdapterFilesTime.Print(rounds: 5);
    return;
}
if (args is ["resize"])
{
    ResizeTime.Print();
    return;
}
if (args is ["extract"])
{
    ExtractTime.Print();
    return;
}
if (args is ["merge", ..])
{
    foreach (var dtype in new[] { ScalarType.BFloat16, ScalarType.Float32 }) MergeTime.Print(dtype, rounds: 7);
    return;
}
var models = BenchModel.Names.Where(m => args.Length < 2 || args[1] == m).ToList();
var dtypes = new[] { ScalarType.BFloat16, ScalarType.Float32 }.Where(d => args.Length < 3 || Dtype(args[2]) == d).ToList();
foreach (var model in models)
    foreach (var dtype in dtypes)
    {
        if (args.Length == 0 || args[0] == "steps") StepTimes.Print(model, dtype, rounds: model == "sd15" ? 5 : 15);
        if (args.Length == 0 || args[0] == "memory") PeakMemory.Print(model, dtype);
    }

if (args.Length == 0 || args[0] == "txt2img") PictureMemory.Print();
if (args.Length == 0 || args[0] == "flat") FlatMemory.Print();

static ScalarType Dtype(string type) => type == "bf16" ? ScalarType.BFloat16 : ScalarType.Float32;
