using System.IO.Compression;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Lowrank.Packaging.Tests;

/// <summary>The packages that <c>dotnet pack</c> makes, and a project outside the repository that uses them.</summary>
public class PackageTests(PackedRepository packed) : IClassFixture<PackedRepository>
{
    static readonly string[] packages = ["Lowrank.Adapters", "Lowrank.Formats", "Lowrank.Torch"];

    [Fact]
    public void TheLibrariesArePackedWithTheirSymbolsAndNothingElse() =>
        Assert.Equal(packages.SelectMany(p => new[] { $"{p}.{packed.Version}.nupkg", $"{p}.{packed.Version}.snupkg" }),
            Directory.GetFiles(packed.Feed).Select(Path.GetFileName).Order(StringComparer.Ordinal));

    [Theory, InlineData("Lowrank.Adapters"), InlineData("Lowrank.Formats"), InlineData("Lowrank.Torch")]
    public void ThePackagesSymbolsAreThere(string package)
    {
        using var zip = ZipFile.OpenRead(Path.Combine(packed.Feed, $"{package}.{packed.Version}.snupkg"));
        Assert.Contains($"lib/net10.0/{package}.pdb", zip.Entries.Select(e => e.FullName));
    }

    [Theory, InlineData("Lowrank.Adapters", "Lowrank.Formats"), InlineData("Lowrank.Formats", "Lowrank.Torch"), InlineData("Lowrank.Torch", "TorchSharp")]
    public void APackageDescribesItselfAndStandsOnTheOneBelow(string package, string below)
    {
        using var zip = ZipFile.OpenRead(Path.Combine(packed.Feed, $"{package}.{packed.Version}.nupkg"));
        var files = zip.Entries.Select(e => e.FullName).ToList();
        Assert.Contains($"lib/net10.0/{package}.dll", files);
        Assert.Contains($"lib/net10.0/{package}.xml", files);
        Assert.Subset(files.ToHashSet(), new HashSet<string> { "README.md", "LICENSE", "CHANGELOG.md" });
        Assert.Equal(package == "Lowrank.Torch" ? ["CureLibTorchSharp.cs", "CureTorchSharp.cs", "Lowrank.Torch.targets"] : [],
            files.Where(f => f.StartsWith("buildTransitive/", StringComparison.Ordinal)).Select(f => f["buildTransitive/".Length..]).Order(StringComparer.Ordinal));

        using var stream = zip.GetEntry(package + ".nuspec")!.Open();
        var about = XDocument.Load(stream).Root!.Elements().Single().Elements().ToLookup(e => e.Name.LocalName);
        Assert.NotEqual("Package Description", about["description"].Single().Value);
        Assert.Contains("lora", about["tags"].Single().Value.Split(' '));
        Assert.Equal("README.md", about["readme"].Single().Value);
        Assert.Equal(("MIT", "expression"), (about["license"].Single().Value, about["license"].Single().Attribute("type")!.Value));
        Assert.Equal("Lowrank contributors", about["authors"].Single().Value);
        Assert.Empty(about["projectUrl"]);
        var dependency = Assert.Single(about["dependencies"].Descendants(), e => e.Name.LocalName == "dependency");
        Assert.Equal((below, below == "TorchSharp" ? ThisBuild.VersionOf(below) : packed.Version), (dependency.Attribute("id")!.Value, dependency.Attribute("version")!.Value));
    }

    [Fact]
    public void AProjectThatReferencesThePackageTrainsAndIsCuredWhereItIsBuiltAndWhereItIsPublished()
    {
        foreach (string folder in new[] { packed.Built, packed.Published })
        {
            string said = Dotnet.Run(folder, "Consumer.dll");
            Assert.Contains("yes: training halves the loss", said);
            Assert.Contains("yes: read back, the adapter is what was trained", said);
            Assert.Contains("yes: merged and unloaded, the network has learnt it", said);
            Assert.Contains("yes: the adapter is a folder of PEFT's", said);
            Assert.Contains("yes: TorchSharp.dll is the cured copy", said);
            Assert.Contains($"TorchSharp.dll: {Path.Combine(folder, "TorchSharp.dll")}", said);
        }
    }

    // 0,5 for 0.5 in the one, and an i without its dot in the other.
    [Theory, InlineData("de_DE.UTF-8", "0,5"), InlineData("tr_TR.UTF-8", "\u0131")]
    public void UnderAnotherLanguageItSaysTheSame(string language, string sign)
    {
        string[] plain = Said("C"), said = Said(language);
        Assert.SkipUnless(said[0].Contains(sign, StringComparison.Ordinal), $"the machine does not know {language}");
        Assert.Equal(plain[1..], said[1..]);

        string[] Said(string language)
        {
            string folder = Directory.CreateTempSubdirectory("lowrank-language-").FullName;
            try
            {
                var (code, said) = Dotnet.TryIn(language, folder, Path.Combine(packed.Built, "Consumer.dll"), "language");
                Assert.True(code == 0, said);
                return said.Split('\n');
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    [Fact]
    public void TheProjectsNativeLibraryIsCuredOnEverySystem()
    {
        foreach (string folder in new[] { packed.Built, packed.Published })
        {
            byte[] library = File.ReadAllBytes(Path.Combine(folder, "runtimes", "linux-x64", "native", "libLibTorchSharp.so"));
            Assert.NotEqual(-1, library.AsSpan().IndexOf("_ZSt13get_terminatev\0"u8));   // what the cure asks for in the new symbol's place
        }
    }

    [Fact]
    public void TheMachinesPackageCacheHoldsNoneOfThis()
    {
        foreach (string package in packages)
            Assert.False(Directory.Exists(Path.Combine(ThisBuild.PackageFolders[0], package.ToLowerInvariant(), packed.Version)));
    }

    [Fact]
    public void TheLicenceIsMitAndTheChangelogSaysWhatAVersionMayBreak()
    {
        string[] licence = File.ReadAllLines(Path.Combine(GoldenFolder.Repository, "LICENSE"));
        Assert.Equal("MIT License", licence[0]);
        Assert.Contains("Lowrank contributors", licence[2]);
        string changes = File.ReadAllText(Path.Combine(GoldenFolder.Repository, "CHANGELOG.md"));
        Assert.Contains("While the version begins with 0", changes);
        Assert.Contains($"## {packed.Version.Split('-')[0]}\n", changes.ReplaceLineEndings("\n"));
    }

    [Fact]
    public void TheReadmesExamplesArePartsOfTheProject()
    {
        string[] examples = [.. Readme.Split("```csharp\n").Skip(1).Select(text => text.Split("```")[0])];
        Assert.Equal(2, examples.Length);
        string program = File.ReadAllText(PackedRepository.Program);
        Assert.All(examples, example => Assert.Contains(example, program));
    }

    // PEFT's quick tour trains in a loop of nine lines, and needs nine more to configure, wrap, save, load and merge.
    [Fact]
    public void TheTourHasAtMostTheLinesOfPefts()
    {
        string[] parts = File.ReadAllText(PackedRepository.Program).Split("// ---- the tour\n");
        int lines = parts.Skip(1).Sum(part => part.Split("// ---- of")[0].Split('\n').Count(line => line.Trim() is not ("" or "{" or "}")));
        Assert.InRange(lines, 8, 18);
    }

    [Fact]
    public void EachOfOurLinesInTheTableIsThere()
    {
        var rows = Readme.Split('\n').SkipWhile(line => !line.StartsWith("| PEFT | Lowrank |", StringComparison.Ordinal)).Skip(2).TakeWhile(line => line.StartsWith('|')).ToList();
        Assert.True(rows.Count >= 15, $"{rows.Count} rows");
        var offered = typeof(ModelAdapters).GetMembers().Concat(typeof(AdapterExtensions).GetMembers()).Concat(typeof(Attachment).GetMembers())
            .Select(member => member.Name).ToHashSet();
        foreach (string row in rows)
            foreach (Match name in Regex.Matches(row.Split('|')[2], @"(?<=net|adapters|\))\.([A-Z]\w+)"))
                Assert.Contains(name.Groups[1].Value, offered);
    }

    static string Readme => File.ReadAllText(Path.Combine(GoldenFolder.Repository, "build", "package.md")).ReplaceLineEndings("\n");
}
