using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Lowrank.Torch;

/// <summary>What the processor can do: decides in which dtype training is faster. Reading it loads no libtorch.</summary>
/// <param name="Name">The maker's name for it.</param>
/// <param name="Flags">Instruction-set flags as Linux spells them; empty where the system does not tell.</param>
public sealed record Processor(string Name, IReadOnlySet<string> Flags)
{
    static readonly Lazy<Processor> current = new(Read);

    /// <summary>The one that runs this program.</summary>
    public static Processor Current => current.Value;

    /// <summary>Whether it multiplies bfloat16 in hardware (avx512_bf16, amx_bf16; on Arm bf16), faster than float32. Elsewhere
    /// bfloat16 is slower.</summary>
    public bool MultipliesBFloat16 => Flags.Contains("avx512_bf16") || Flags.Contains("amx_bf16") || Flags.Contains("bf16");

    /// <summary>Whether it does so by whole tiles of numbers (amx_bf16), many times faster than float32.</summary>
    internal bool MultipliesBFloat16Tiles => Flags.Contains("amx_bf16");

    /// <summary>Whether libtorch's float32 products use half of it: AMD's with AVX-512, for which MKL takes AVX2.</summary>
    public bool LeavesFloat32ToAvx2 => Name.Contains("AMD", StringComparison.Ordinal) && Flags.Contains("avx512f");

    static Processor Read()
    {
        if (File.Exists("/proc/cpuinfo")) return Parse(File.ReadLines("/proc/cpuinfo"));
        string name = Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER") ?? RuntimeInformation.ProcessArchitecture.ToString();
        return new(name, FromCpuid());
    }

    /// <summary>Reads the text of /proc/cpuinfo.</summary>
    public static Processor Parse(IEnumerable<string> lines)
    {
        string name = RuntimeInformation.ProcessArchitecture.ToString();
        var flags = new HashSet<string>();
        foreach (var line in lines)
        {
            if (line.Split(':', 2) is not [var key, var value]) continue;
            if (key.Trim() == "model name") name = value.Trim();
            if (key.Trim() is "flags" or "Features")
            {
                flags.UnionWith(value.Split(' ', StringSplitOptions.RemoveEmptyEntries));
                break;
            }
        }
        return new(name, flags);
    }

    // Leaf 7: subleaf 1 EAX bit 5 is avx512_bf16, subleaf 0 EDX bit 22 amx_bf16 (Intel SDM, volume 2, CPUID).
    static HashSet<string> FromCpuid()
    {
        var flags = new HashSet<string>();
        if (!X86Base.IsSupported || X86Base.CpuId(0, 0).Eax < 7) return flags;
        if (Avx512F.IsSupported) flags.Add("avx512f");
        if ((X86Base.CpuId(7, 1).Eax & (1 << 5)) != 0) flags.Add("avx512_bf16");
        if ((X86Base.CpuId(7, 0).Edx & (1 << 22)) != 0) flags.Add("amx_bf16");
        return flags;
    }
}
