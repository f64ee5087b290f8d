using System.Runtime.InteropServices;
using System.Text.Json.Serialization;

namespace Lowrank.Bench;

/// <summary>Where and when figures were taken, and of what.</summary>
/// <param name="Taken">The day, in UTC.</param>
/// <param name="Processor">The maker's name for it.</param>
/// <param name="Cores">Its cores, as the system counts them.</param>
/// <param name="Threads">Threads that libtorch computed with.</param>
/// <param name="Clock">What seconds are: of the wall, or of the processor.</param>
/// <param name="MultipliesBFloat16">Whether the processor does.</param>
/// <param name="System">The operating system.</param>
/// <param name="Versions">Programs and their versions.</param>
sealed record Machine(
    DateOnly Taken, string Processor, int Cores, int Threads, string Clock, bool MultipliesBFloat16, string System,
    IReadOnlyDictionary<string, string> Versions)
{
    public static Machine Current => new(
        DateOnly.FromDateTime(DateTime.UtcNow), Torch.Processor.Current.Name, Environment.ProcessorCount, get_num_threads(),
        BenchClock.Name, Torch.Processor.Current.MultipliesBFloat16, RuntimeInformation.OSDescription, new Dictionary<string, string>
        {
            ["Lowrank"] = typeof(Row).Assembly.GetName().Version!.ToString(3),
            [".NET"] = Environment.Version.ToString(),
            ["TorchSharp"] = typeof(torch).Assembly.GetName().Version!.ToString(3),
            ["libtorch"] = torch.__version__,
        });

    /// <summary>In one line.</summary>
    [JsonIgnore]
    public string Told
    {
        get
        {
            string inHardware = MultipliesBFloat16 ? "bfloat16 in hardware" : "no bfloat16 in hardware";
            string threads = Threads == 1 ? "1 thread" : $"{Threads} threads";
            string versions = string.Join(", ", Versions.Select(v => $"{v.Key} {v.Value}"));
            return $"{Processor}, {Cores} cores, {inHardware}, {threads}, {Clock}; {System}; {versions}";
        }
    }
}
