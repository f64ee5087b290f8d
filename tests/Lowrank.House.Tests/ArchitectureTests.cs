using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Lowrank.House.Tests;

/// <summary>The plan of docs/architecture.md: which project may name which. <see cref="FolderOrderTests"/> hold the order of folders inside each.</summary>
public class ArchitectureTests
{
    static readonly string src = Path.Combine(GoldenFolder.Repository, "src");

    // A project may name those that its line lists, and what those may name.
    static readonly Dictionary<string, string[]> arrows = new()
    {
        ["Lowrank.Torch"] = [],
        ["Lowrank.Formats"] = ["Lowrank.Torch"],
        ["Lowrank.Models"] = ["Lowrank.Formats"],
        ["Lowrank.Adapters"] = ["Lowrank.Formats"],
        ["Lowrank.Diffusion"] = ["Lowrank.Models"],
        ["Lowrank.Language"] = ["Lowrank.Adapters", "Lowrank.Models"],
        ["Lowrank.Training"] = ["Lowrank.Adapters", "Lowrank.Diffusion", "Lowrank.Language"],
        ["Lowrank.Graphs"] = ["Lowrank.Adapters", "Lowrank.Diffusion"],
        ["Lowrank.Workbench"] = ["Lowrank.Training", "Lowrank.Graphs", "Lowrank.Language"],
        ["Lowrank.Cli"] = ["Lowrank.Workbench"],
    };

    public static IEnumerable<TheoryDataRow<string>> Projects => Directory.GetDirectories(src).Select(d => new TheoryDataRow<string>(Path.GetFileName(d)));

    [Theory, MemberData(nameof(Projects))]
    public void AProjectReferencesOnlyWhatThePlanAllows(string project)
    {
        var references = XDocument.Load(Path.Combine(src, project, project + ".csproj")).Descendants("ProjectReference")
            .Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value));
        Assert.Subset(arrows[project].ToHashSet(), references.ToHashSet());
    }

    [Theory, MemberData(nameof(Projects))]
    public void ASourceNamesOnlyProjectsBelowItsOwn(string project)
    {
        var allowed = Below(project).Append(project).ToHashSet();
        foreach (var file in Directory.EnumerateFiles(Path.Combine(src, project), "*.cs", SearchOption.AllDirectories))
            foreach (Match used in Regex.Matches(File.ReadAllText(file), @"\b(?:using|namespace)\s+(?:static\s+)?(Lowrank\.\w+)"))
                Assert.True(allowed.Contains(used.Groups[1].Value), $"{Path.GetRelativePath(src, file)} names {used.Groups[1].Value}");
    }

    static IEnumerable<string> Below(string project) => arrows[project].SelectMany(p => Below(p).Append(p));
}
