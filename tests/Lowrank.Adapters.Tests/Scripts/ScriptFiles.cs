using System.Collections.Concurrent;
using System.IO.Compression;

namespace Lowrank.Adapters.Tests;

/// <summary>TorchScript files to try: the modules exported from PyTorch that lie with the goldens, and what can be made of them.</summary>
static class ScriptFiles
{
    static readonly ConcurrentDictionary<(string, string), string> parts = new();

    /// <summary>A module written by PyTorch: picture_scripted, picture_traced, tokens_scripted, tokens_traced.</summary>
    public static string Whole(string name) => Path.Combine(GoldenFolder.Repository, "tests", "Goldens", "data", "torchscript", name + ".pt");

    /// <summary>One layer of such a module as a module of its own.</summary>
    public static ScriptModel Layer(string name, string path, Storage storage)
    {
        var script = ScriptModel.Load(parts.GetOrAdd((name, path), _ => Cut(name, path)));
        script.to(storage.Dtype);
        return script;
    }

    static string Cut(string name, string path)
    {
        string file = Path.Combine(Directory.CreateTempSubdirectory("lowrank-script-").FullName, "layer.pt");
        using var scope = NewDisposeScope();
        using var whole = jit.load(Whole(name));
        var modules = whole.named_modules().ToList();
        jit.save((jit.ScriptModule)modules.First(m => m.name == path).module, file);
        foreach (var (_, module) in modules) module.Dispose();
        return file;
    }

    /// <summary>A copy of a module whose own code is changed.</summary>
    public static string Changed(string name, string path, Func<string, string> change)
    {
        File.Copy(Whole(name), path);
        using var archive = ZipFile.Open(path, ZipArchiveMode.Update);
        var entry = archive.GetEntry($"{name}/code/__torch__.py")!;
        string code;
        using (var reader = new StreamReader(entry.Open())) code = reader.ReadToEnd();
        using var stream = entry.Open();
        stream.SetLength(0);
        using var writer = new StreamWriter(stream);
        writer.Write(change(code));
        return path;
    }
}
