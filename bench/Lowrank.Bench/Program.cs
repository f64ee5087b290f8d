using System.Runtime.InteropServices;
using Lowrank.Bench;

// dotnet run --project bench/Lowrank.Bench -c Release [-- steps|memory|txt2img|flat [MODEL] [bf16|f32]]
// dotnet run --project bench/Lowrank.Bench -c Release -- methods [MODEL] [bf16|f32] [METHOD...] | ink [METHOD...]
// dotnet run --project bench/Lowrank.Bench -c Release -- merge | merge-file [xl|sd15] | files | resize | extract | checkpoint
WaitingThreads.SleepSoon();
FreedMemory.Keep();
set_num_threads(Environment.ProcessorCount);
if (!IsChild()) PrintMachine();
switch (args)
{
    case ["memory-of", var name, var type, var way]: PeakMemory.Child(name, Dtype(type), way); break;
    case ["checkpoint-of", var from, var to]: CheckpointFiles.Child(from, to); break;
    case ["merge-of", var single, var adapter, var output]: FileMerge.Child(single, adapter, output); break;
    case ["txt2img-of", var folder]: PictureMemory.Child(folder); break;
    case ["methods", ..]: PrintMethods(); break;
    case ["ink", .. var again]: InkMethods.Print(again); break;
    case ["checkpoint"]: CheckpointFiles.Print(); break;
    case ["merge-file", .. var size]: FileMerge.Print(size is not ["sd15"], rounds: 3); break;
    case ["files"]: AdapterFilesTime.Print(rounds: 5); break;
    case ["resize"]: ResizeTime.Print(); break;
    case ["extract"]: ExtractTime.Print(); break;
    case ["merge", ..]:
        foreach (var dtype in new[] { ScalarType.BFloat16, ScalarType.Float32 }) MergeTime.Print(dtype, rounds: 7);
        break;
    default: PrintSteps(); break;
}

// A process that another one started to measure: it prints numbers alone.
bool IsChild() => args is ["memory-of" or "checkpoint-of" or "merge-of" or "txt2img-of", ..];

static void PrintMachine()
{
    string inHardware = Processor.Current.MultipliesBFloat16 ? "yes" : "no";
    Console.WriteLine(
        $"{Processor.Current.Name}, {Environment.ProcessorCount} cores, bfloat16 in hardware: {inHardware}; " +
        $"{RuntimeInformation.OSDescription}; TorchSharp {typeof(torch).Assembly.GetName().Version}");
}

void PrintMethods()
{
    foreach (var model in args.Length > 1 ? [args[1]] : new[] { "transformer12", "sd15" })
        MethodSteps.Print(model, Dtype(args.ElementAtOrDefault(2) ?? "bf16"), rounds: model == "sd15" ? 3 : 7, args.Skip(3).ToList());
}

void PrintSteps()
{
    var models = BenchModel.Names.Where(m => args.Length < 2 || args[1] == m).ToList();
    var dtypes = new[] { ScalarType.BFloat16, ScalarType.Float32 }.Where(d => args.Length < 3 || Dtype(args[2]) == d).ToList();
    foreach (var model in models)
        foreach (var dtype in dtypes)
        {
            if (IsAsked("steps")) StepTimes.Print(model, dtype, rounds: model == "sd15" ? 5 : 15);
            if (IsAsked("memory")) PeakMemory.Print(model, dtype);
        }
    if (IsAsked("txt2img")) PictureMemory.Print();
    if (IsAsked("flat")) FlatMemory.Print();
}

bool IsAsked(string what) => args.Length == 0 || args[0] == what;

static ScalarType Dtype(string type) => type == "bf16" ? ScalarType.BFloat16 : ScalarType.Float32;
