using System.Text.Json.Serialization;

namespace Lowrank.Workbench;

/// <summary>What was found of this machine and this build.</summary>
/// <param name="Lowrank">Version of Lowrank.</param>
/// <param name="DotNet">Version of the runtime.</param>
/// <param name="TorchSharp">Version of TorchSharp.</param>
/// <param name="LibTorch">Package and version of libtorch.</param>
/// <param name="System">Operating system and architecture.</param>
/// <param name="Processor">The processor's name.</param>
/// <param name="Bf16Flags">Those of avx512_bf16, amx_bf16 and bf16 that it has.</param>
/// <param name="Cores">Logical processors that this process may use.</param>
/// <param name="Threads">Threads that libtorch uses in one operation.</param>
/// <param name="MemoryTotal">Bytes of memory, or the container's limit.</param>
/// <param name="MemoryFree">Bytes of it that are free.</param>
/// <param name="Cuda">Whether libtorch sees an NVIDIA GPU.</param>
/// <param name="Device">The device that is taken where none is named; speed is measured on it.</param>
/// <param name="DeviceReason">Why that one.</param>
/// <param name="CureInPlace">Whether TorchSharp.dll is the copy that the garbage collector cannot harm.</param>
/// <param name="DefaultPrecision">"bf16" or "f32": what training and generating choose when not told.</param>
/// <param name="Speed">Speed readings.</param>
/// <param name="Advice">What would make it faster or safer; empty if nothing would.</param>
public sealed record DoctorReport(
    string Lowrank,
    [property: JsonPropertyName("dotnet")] string DotNet,
    [property: JsonPropertyName("torchsharp")] string TorchSharp,
    [property: JsonPropertyName("libtorch")] string LibTorch,
    string System,
    string Processor,
    IReadOnlyList<string> Bf16Flags,
    int Cores,
    int Threads,
    long MemoryTotal,
    long MemoryFree,
    bool Cuda,
    string Device,
    string DeviceReason,
    bool CureInPlace,
    string DefaultPrecision,
    IReadOnlyList<SpeedReading> Speed,
    IReadOnlyList<string> Advice);
