using System.Text.Json;
using Lowrank.Adapters;
using Lowrank.Diffusion;
using Lowrank.Formats;
using Lowrank.Testing;
using Lowrank.Workbench;

namespace Goldens;

/// <summary>Hashes and names of adapters, embeddings and base models.</summary>
static class A1111HashNames
{
    public static void Hash(GoldenCase c)
    {
        string path = A1111Files.Of(c, c["file"].GetString()!);
        string whole = FileSha256.Of(path);
        Assert.Equal(c["sha256"].GetString(), whole);
        if (c["used"].ValueKind == JsonValueKind.Undefined)   // an embedding
        {
            Assert.Equal(c["short"].GetString(), whole[..12]);
            return;
        }
        using (var bytes = File.OpenRead(path)) Assert.Equal(c["without_header"].GetString(), KohyaHashes.Of(bytes).ModelHash);
        var adapter = WebUiAdapter.Of(path);
        Assert.Equal((c["used"].GetString(), c["short"].GetString()), (adapter.Hash, adapter.ShortHash));
        Assert.Equal((c["alias"].GetString(), c["version"].GetString()), (adapter.Alias, adapter.Generation));
        Assert.Equal(c["shown"].GetString(), adapter.Shown(new HashSet<string>()));
    }

    public static void Checkpoint(GoldenCase c)
    {
        var title = TitleOf(c);
        Assert.Equal(c["sha256"].GetString(), title.Sha256);
        Assert.Equal((c["short"].GetString(), c["title"].GetString()), (title.ShortHash, title.Title));
        Assert.Equal((c["short_title"].GetString(), c["name_for_extra"].GetString()), (title.ShortTitle, title.Stem));
        Assert.Equal(c["ids"].EnumerateArray().Select(id => id.GetString()), title.Names);
    }

    public static void Match(GoldenCase c)
    {
        var known = c.Group.Cases.Where(one => one.Name == "checkpoint").Select(TitleOf).ToList();
        // The other bases are not at hand, nor are their hashes: any of the same length will do.
        var among = c["among"].EnumerateArray().Select(one => one.GetString()!)
            .Select(name => known.Find(title => title.Name == name) ?? new CheckpointTitle(name, new string('\u0001', 64), new string('\u0001', 8))).ToList();
        Assert.Equal(c["result"].GetString(), CheckpointTitle.Find(c["ask"].GetString()!, among)?.Name);
    }

    // Known to the web UI by another name than the file has here.
    static CheckpointTitle TitleOf(GoldenCase c)
    {
        string path = A1111Files.Of(c, Path.Combine("..", c["file"].GetString()!));
        return CheckpointTitle.Of(path, c["title"].GetString()!.Split(" [")[0]);
    }
}
