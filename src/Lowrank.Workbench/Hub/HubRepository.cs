using System.Text;
using System.Text.Json;

namespace Lowrank.Workbench;

/// <summary>A repository on the hub at one commit.</summary>
sealed class HubRepository : IHubListing
{
    const int MostOfAList = 64_000_000, MostOfAText = 64_000_000, MostFiles = 200_000, MostPages = 2_000;

    readonly HubClient client;
    readonly HubSettings settings;
    readonly HubPersistence persistence;
    readonly CancellationToken cancel;
    readonly HubName name;

    /// <summary>Asks which commit a revision is, and which files it has.</summary>
    /// <param name="client">Speaks with the hub.</param>
    /// <param name="settings">Where that is.</param>
    /// <param name="name">The repository.</param>
    /// <param name="cancel">Stops it.</param>
    /// <param name="say">Told of requests that break and are sent again.</param>
    /// <exception cref="LowrankException">It is not there, not given, or the answers are not what a hub answers.</exception>
    public HubRepository(HubClient client, HubSettings settings, HubName name, CancellationToken cancel, Action<string>? say = null)
    {
        (this.client, this.settings, this.name, this.cancel) = (client, settings, name, cancel);
        persistence = new(settings.Pause, cancel, say);
        Commit = CommitOf();
        Files = List();
    }

    /// <inheritdoc/>
    public string Name => name.Id;

    /// <summary>The commit, forty digits.</summary>
    public string Commit { get; }

    /// <inheritdoc/>
    public IReadOnlyList<HubFile> Files { get; }

    /// <summary>Where a file's bytes are asked for.</summary>
    public Uri AddressOf(HubFile file) => new(settings.Endpoint,
        $"{name.Id}/resolve/{Commit}/{string.Join('/', file.Path.Split('/').Select(Uri.EscapeDataString))}");

    /// <summary>Why a file is not given.</summary>
    public LowrankException Refused(HubAnswer answer, HubFile? file) =>
        HubRefusal.Of(answer, name, file?.Path, client.HasToken, settings.Endpoint);

    /// <inheritdoc/>
    public string ReadText(HubFile file)
    {
        if (file.Size > MostOfAText) throw new LowrankException($"{file.Path} of {Name} has {file.Size} bytes, which is no list of files.");
        var (bytes, _) = Ask(AddressOf(file), MostOfAText, file);
        using var hash = new HubHash(file);
        hash.Add(bytes);
        return bytes.Length == file.Size && hash.End() == file.Hash
            ? Encoding.UTF8.GetString(bytes)
            : throw new LowrankException($"{file.Path} of {Name} is not what the hub's list says of it ({file.Hash}). Try again.");
    }

    string CommitOf()
    {
        var at = new Uri(settings.Endpoint, $"api/models/{name.Id}/revision/{Uri.EscapeDataString(name.AtRevision)}");
        using var answer = Json(Ask(at, MostOfAList, null).Bytes, at);
        bool isObject = answer.RootElement.ValueKind == JsonValueKind.Object;
        string? commit = isObject && answer.RootElement.TryGetProperty("sha", out var sha) ? TextOf(sha) : null;
        return commit is not null && HubName.IsCommit(commit) ? commit : throw Strange(at, "it tells no commit");
    }

    List<HubFile> List()
    {
        var files = new Dictionary<string, HubFile>();
        var seen = new HashSet<Uri>();
        var at = new Uri(settings.Endpoint, $"api/models/{name.Id}/tree/{Commit}?recursive=true");
        for (Uri? page = at; page is not null;)
        {
            if (!seen.Add(page) || seen.Count > MostPages) throw Strange(at, "its pages do not end");
            var (bytes, next) = Ask(page, MostOfAList, null);
            using var list = Json(bytes, page);
            if (list.RootElement.ValueKind != JsonValueKind.Array) throw Strange(page, "it is no list");
            foreach (var entry in list.RootElement.EnumerateArray())
                if (FileOf(entry, page) is { } file && !files.TryAdd(file.Path, file)) throw Strange(page, $"it has {file.Path} twice");
            if (files.Count > MostFiles) throw Strange(page, $"it has more than {MostFiles} files");
            if (next is not null && !client.IsHub(next)) throw Strange(page, $"it goes on at {next.Host}, which is another server");
            page = next;
        }
        RefuseNested(files, at);
        return [.. files.Values.OrderBy(file => file.Path, StringComparer.Ordinal)];
    }

    // A file under a file has no place on a disk.
    static void RefuseNested(Dictionary<string, HubFile> files, Uri at)
    {
        foreach (string path in files.Keys)
            for (int slash = path.IndexOf('/'); slash > 0; slash = path.IndexOf('/', slash + 1))
                if (files.ContainsKey(path[..slash])) throw Strange(at, $"{path[..slash]} is a file and a folder");
    }

    // null for folders.
    static HubFile? FileOf(JsonElement entry, Uri at)
    {
        if (entry.ValueKind != JsonValueKind.Object) throw Strange(at, "an entry is no object");
        if (Member(entry, "type") is { } type && TextOf(type) != "file") return null;
        string? path = Member(entry, "path") is { } name ? TextOf(name) : null;
        if (path is null) throw Strange(at, "a file has no path");
        if (HubPath.Fault(path) is { } fault) throw Strange(at, fault);
        var lfs = Member(entry, "lfs") is { ValueKind: JsonValueKind.Object } large ? large : entry;
        string? hash = Member(lfs, "oid") is { } oid ? TextOf(oid) : null;
        if (hash?.StartsWith("sha256:", StringComparison.Ordinal) == true) hash = hash["sha256:".Length..];
        if (!HubFile.IsHash(hash)) throw Strange(at, $"{path} has no hash");
        long size = Member(lfs, "size") is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out long told) ? told : -1;
        return size >= 0 ? new(path, size, hash!) : throw Strange(at, $"{path} has no size that a file can have");
    }

    // Bytes, and the address of the next page.
    (byte[] Bytes, Uri? Next) Ask(Uri at, int most, HubFile? file) => persistence.Do(() =>
    {
        using var answer = client.Get(at, null, cancel);
        if (!answer.Last.IsSuccessStatusCode) throw Refused(answer, file);
        return (answer.Bytes(most, settings.Patience, cancel), NextPage(answer));
    });

    // Link: <https://...>; rel="next", as of RFC 8288.
    static Uri? NextPage(HubAnswer answer)
    {
        if (!answer.Last.Headers.TryGetValues("Link", out var links)) return null;
        foreach (string link in links.SelectMany(value => value.Split(',')))
        {
            string text = link.Trim();
            int end = text.IndexOf('>', StringComparison.Ordinal);
            if (end < 1 || text[0] != '<') continue;
            bool isNext = text[end..].Replace("\"", "", StringComparison.Ordinal).Contains("rel=next", StringComparison.Ordinal);
            if (isNext && Uri.TryCreate(answer.At, text[1..end], out var next)) return next;
        }
        return null;
    }

    static JsonDocument Json(byte[] bytes, Uri at)
    {
        try
        {
            return StrictJson.Parse(bytes);
        }
        catch (JsonException)
        {
            throw Strange(at, "it is no JSON");
        }
    }

    static JsonElement? Member(JsonElement entry, string name) => entry.TryGetProperty(name, out var value) ? value : null;

    static string? TextOf(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    static LowrankException Strange(Uri at, string why) => new($"{at.GetLeftPart(UriPartial.Path)} answers as no hub does: {why}. " +
        $"Is HF_ENDPOINT right? It is {at.GetLeftPart(UriPartial.Authority)}.");
}
