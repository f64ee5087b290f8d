using System.Diagnostics;
using System.Reflection;
using System.Runtime;

namespace Lowrank.Torch;

/// <summary>Whether the TorchSharp that runs here is the build's cured copy, whose arguments live to the end of each call.</summary>
/// <remarks>
/// A project that references the packages is cured by its build. A notebook, a plug-in or a project that leaves the package's build files
/// out is not, and nothing else would tell.
/// </remarks>
public static class EngineCure
{
    /// <summary>The switch by which a program says that it runs uncured on purpose; MSBuild's <c>TorchSharpUncured</c> sets it.</summary>
    public const string Waiver = "Lowrank.TorchSharpUncured";

    // What cures a program that is built with the sources; CureOfReferencedProjectsTests builds one with it.
    const string Line = "<Import Project=\"LOWRANK/build/cures.targets\" />";

    static readonly string? fault = Find();

    /// <summary>Whether the cure is in place.</summary>
    public static bool IsInPlace => fault is null;

    /// <summary>Throws where it is not in place and nobody has said that this is meant.</summary>
    /// <exception cref="LowrankException">TorchSharp is optimized, by the just-in-time compiler or ahead of time.</exception>
    public static void Require()
    {
        if (fault is null || AppContext.TryGetSwitch(Waiver, out bool waived) && waived) return;
        throw new LowrankException($"{fault}: the garbage collector frees tensors that libtorch still uses, and the process dies or " +
            "computes wrong numbers. A project that references Lowrank's package is cured by the package's build files (buildTransitive, " +
            $"which ExcludeAssets must leave in). One that references Lowrank's projects adds to its project file the line {Line}, " +
            $"LOWRANK being the folder of Lowrank's sources. Or, at that risk, set the switch {Waiver}.");
    }

    static string? Find()
    {
        var marked = typeof(torch).Assembly.GetCustomAttribute<DebuggableAttribute>();
        if (marked is not { IsJITOptimizerDisabled: true }) return "TorchSharp.dll is not the cured copy";
        return JitInfo.GetCompiledMethodCount() == 0 ? "this program was compiled to native code, TorchSharp with it" : null;
    }
}
