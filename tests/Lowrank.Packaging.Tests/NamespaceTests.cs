using System.Reflection;

namespace Lowrank.Packaging.Tests;

/// <summary>What <c>using Lowrank;</c> brings into a file that has TorchSharp's names already.</summary>
public class NamespaceTests
{
    const string OwnLayers = "Lowrank.Torch.Layers";   // under TorchSharp's names, and so in a namespace that nobody needs beside them

    static readonly Type[] offered = [.. from package in new[] { "Lowrank.Torch", "Lowrank.Formats", "Lowrank.Adapters" }
                                         from type in Assembly.Load(package).GetExportedTypes()
                                         where !type.IsNested
                                         select type];

    [Fact]
    public void NoTypeBesideTheLayersHasTheNameOfOneOfTorchSharps()
    {
        var taken = typeof(TorchSharp.torch).Assembly.GetExportedTypes()
            .Where(type => !type.IsNested && type.Namespace is "TorchSharp" or "TorchSharp.Modules").Select(type => type.Name).ToHashSet();
        Assert.Contains("Linear", taken);
        Assert.Empty(offered.Where(type => type.Namespace != OwnLayers && taken.Contains(type.Name)).Select(type => type.FullName));
    }

    [Fact]
    public void ThoseThatAUserNeedsStandInOneNamespace()
    {
        var first = offered.Where(type => type.Namespace == nameof(Lowrank)).Select(type => type.Name).ToHashSet();
        string[] needed = ["Adapter", "AdapterFile", "Attachment", "FusedAdamW", "LoraOptions", "LowrankException", "MethodOptions", "Methods", "ModelDescription", "ScriptModel"];
        Assert.Subset(first, needed.ToHashSet());
        Assert.InRange(first.Count, needed.Length, 30);
    }

    [Fact]
    public void NoNamespaceHasTheNameOfAType()
    {
        var namespaces = offered.Select(type => type.Namespace).ToHashSet();
        Assert.DoesNotContain(offered, type => namespaces.Contains(type.FullName));
    }
}
