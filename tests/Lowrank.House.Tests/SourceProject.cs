using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Lowrank.House.Tests;

/// <summary>A project below <c>src</c> as the compiler sees it.</summary>
sealed class SourceProject
{
    static readonly Dictionary<string, SourceProject> opened = [];

    // What ImplicitUsings brings.
    const string Implicit = "global using System; global using System.IO; global using System.Linq; global using System.Net.Http; " +
        "global using System.Threading; global using System.Threading.Tasks; global using System.Collections.Generic;";

    SourceProject(string name)
    {
        Name = name;
        Folder = Path.Combine(Root, name);
        Files = [.. Directory.EnumerateFiles(Folder, "*.cs", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
        var options = new CSharpParseOptions(LanguageVersion.Preview);
        Trees = [.. Files.Select(file => CSharpSyntaxTree.ParseText(File.ReadAllText(file), options, file))];
        var described = XDocument.Load(Path.Combine(Folder, name + ".csproj"));
        var kind = described.Descendants("OutputType").Any() ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary;
        References = [.. described.Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value))];
        var below = References.SelectMany(Below).Distinct().Select(project => Of(project).compilation.ToMetadataReference());
        compilation = CSharpCompilation.Create(name, Trees.Append(CSharpSyntaxTree.ParseText(Implicit, options)), [.. Libraries, .. below],
            new CSharpCompilationOptions(kind, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable));
    }

    readonly CSharpCompilation compilation;

    /// <summary>The folder that holds them.</summary>
    public static string Root { get; } = Path.Combine(GoldenFolder.Repository, "src");

    /// <summary>Every project's name.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Directory.GetDirectories(Root).Select(d => Path.GetFileName(d)).Order(StringComparer.Ordinal)];

    /// <summary>Every project.</summary>
    public static IEnumerable<SourceProject> All => Names.Select(Of);

    /// <summary>The project of that name, read once.</summary>
    public static SourceProject Of(string name)
    {
        lock (opened) return opened.TryGetValue(name, out var project) ? project : opened[name] = new(name);
    }

    public string Name { get; }

    public string Folder { get; }

    /// <summary>Its source files.</summary>
    public IReadOnlyList<string> Files { get; }

    public IReadOnlyList<SyntaxTree> Trees { get; }

    /// <summary>The projects that it references.</summary>
    public IReadOnlyList<string> References { get; }

    /// <summary>What keeps the compiler from understanding the sources; empty in a sound repository.</summary>
    public IEnumerable<string> Errors => compilation.GetDiagnostics().Where(d => d.Severity == DiagnosticSeverity.Error && d.Id != "CS8795").Select(d => d.ToString());

    public SemanticModel Model(SyntaxTree tree) => compilation.GetSemanticModel(tree);

    /// <summary>The folder of a file below the project, with "/" between; "" for the project's own.</summary>
    public string FolderOf(string file) => Path.GetRelativePath(Folder, Path.GetDirectoryName(file)!).Replace('\\', '/') is var folder && folder == "." ? "" : folder;

    /// <summary>The types of this project that a tree names.</summary>
    public IEnumerable<INamedTypeSymbol> TypesNamedIn(SyntaxTree tree)
    {
        var model = Model(tree);
        foreach (var name in tree.GetRoot().DescendantNodes().OfType<SimpleNameSyntax>())
        {
            if (model.GetSymbolInfo(name).Symbol is not { } symbol) continue;
            var type = symbol as INamedTypeSymbol ?? (symbol is IMethodSymbol { IsExtensionMethod: true } or { IsStatic: true } ? symbol.ContainingType : null);
            if (type is not null && SymbolEqualityComparer.Default.Equals(type.ContainingAssembly, compilation.Assembly)) yield return type.OriginalDefinition;
        }
    }

    /// <summary>The project's name and those of all below it.</summary>
    public static IEnumerable<string> Below(string name) => Of(name).References.SelectMany(Below).Append(name);

    // The framework's and the packages', which lie beside the tests; our own are compiled from their sources.
    static IReadOnlyList<MetadataReference> Libraries { get; } =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => !Path.GetFileName(path).StartsWith("lowrank", StringComparison.OrdinalIgnoreCase))
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];
}
