using System.Collections.Concurrent;
using Lowrank.Models.Tests;
using static TorchSharp.torch;

[assembly: Xunit.AssemblyFixture(typeof(CountedFile.Addition))]

namespace Lowrank.Models.Tests;

/// <summary>A file that counts how often it is opened, looked into and closed; a container of its own, which points to another file.</summary>
sealed class CountedFile(string path, ITensorFile inner, CountedFile.Counts counts) : ITensorFile
{
    const string Mark = "counted:";

    static readonly ConcurrentDictionary<string, Counts> all = new();

    internal sealed class Counts
    {
        public int Opened, Looks, Closed;
    }

    /// <summary>Adds the container before the first test.</summary>
    public sealed class Addition
    {
        public Addition() => Containers.Add(new("counted", head => head.AsSpan().StartsWith("counted:"u8), Open));
    }

    /// <summary>Makes a file at a path that stands for another one, and counts from zero.</summary>
    public static Counts Make(string path, string other)
    {
        File.WriteAllText(path, Mark + other);
        return all[path] = new();
    }

    static CountedFile Open(string path)
    {
        var counts = all[path];
        counts.Opened++;
        return new(path, Containers.Open(File.ReadAllText(path)[Mark.Length..]), counts);
    }

    public string Path => path;

    string ITensorFile.Container => inner.Container;

    public IReadOnlyList<TensorInfo> Tensors
    {
        get
        {
            counts.Looks++;
            return inner.Tensors;
        }
    }

    public IReadOnlyDictionary<string, string> Metadata => inner.Metadata;

    public IReadOnlyList<string> Notes => inner.Notes;

    public Tensor Read(string name) => inner.Read(name);

    public double ReadScalar(string name) => inner.ReadScalar(name);

    public void Dispose()
    {
        counts.Closed++;
        inner.Dispose();
    }
}
