using System.Net;
using System.Net.Http.Headers;

namespace Lowrank.Workbench;

/// <summary>Fetches a file: goes on where an earlier call stopped, and believes no byte before the hash is right.</summary>
sealed class HubDownload
{
    const int Buffer = 1 << 20;

    readonly HubClient client;
    readonly HubRepository repository;
    readonly HubSettings settings;
    readonly HubFile file;
    readonly string incomplete;
    readonly Action<long> arrived;
    readonly Action<string> say;
    readonly CancellationToken cancel;
    EntityTagHeaderValue? tag;   // of the server that sent the bytes so far
    bool wasWrong;

    /// <summary>Begins nothing yet.</summary>
    /// <param name="client">Speaks with the hub.</param>
    /// <param name="repository">Whose file it is.</param>
    /// <param name="settings">How long is waited.</param>
    /// <param name="file">The file.</param>
    /// <param name="incomplete">Where bytes go until they are all there.</param>
    /// <param name="arrived">Told how many bytes of it are there.</param>
    /// <param name="say">Told of requests that break and are sent again.</param>
    /// <param name="cancel">Stops it; what has arrived stays.</param>
    public HubDownload(HubClient client, HubRepository repository, HubSettings settings, HubFile file, string incomplete,
        Action<long> arrived, Action<string> say, CancellationToken cancel)
    {
        (this.client, this.repository, this.settings, this.file) = (client, repository, settings, file);
        (this.incomplete, this.arrived, this.say, this.cancel) = (incomplete, arrived, say, cancel);
    }

    /// <summary>Fetches what is missing, into <c>incomplete</c>, which is whole and right afterwards.</summary>
    /// <exception cref="LowrankException">It cannot be had, or is not what the hub's list says.</exception>
    public void Run() => new HubPersistence(settings.Pause, cancel, say).Do(Attempt, Present, () =>
        $"{Quantity.Bytes(Present())} of {Quantity.Bytes(file.Size)} of {file.Path} are kept, and the same call goes on from there.");

    long Present() => File.Exists(incomplete) ? HubCache.SizeOf(incomplete) : 0;

    // True, or it throws.
    bool Attempt()
    {
        using var into = new FileStream(incomplete, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
        if (into.Length > file.Size) into.SetLength(0);
        using var hash = new HubHash(file);
        Hash(into, hash);
        if (into.Length < file.Size || file.Size == 0) Receive(into, hash);
        if (hash.End() == file.Hash) return true;
        into.SetLength(0);
        string wrong = $"{file.Path} of {repository.Name} arrived, but is not what the hub's list says of it ({file.Hash})";
        if (wasWrong) throw new LowrankException($"{wrong}, twice. Nothing of it is kept.");
        wasWrong = true;
        throw new HubBreakException(wrong);
    }

    // What an earlier attempt left.
    void Hash(FileStream into, HubHash hash)
    {
        byte[] buffer = new byte[Buffer];
        into.Position = 0;
        while (into.Read(buffer) is > 0 and int read)
        {
            cancel.ThrowIfCancellationRequested();
            hash.Add(buffer.AsSpan(0, read));
        }
        arrived(into.Length);
    }

    void Receive(FileStream into, HubHash hash)
    {
        if (file.Size == 0) return;
        using var answer = client.Get(repository.AddressOf(file), (into.Length, tag), cancel);
        if (answer.LinkedSize is { } told && told != file.Size) throw Sized(told);
        bool isPart = answer.Last.StatusCode == HttpStatusCode.PartialContent;
        bool isOtherRange = isPart && answer.Last.Content.Headers.ContentRange?.From != into.Length;
        if (isOtherRange || answer.Last.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            into.SetLength(0);
            throw new HubBreakException($"{answer.At.Authority} did not send the rest of {file.Path}");
        }
        if (!answer.Last.IsSuccessStatusCode) throw Refused(answer);
        if (!isPart && into.Length > 0)   // the whole instead: the server takes no ranges, or the bytes are others now
        {
            into.SetLength(0);
            hash.Restart();
        }
        Write(answer, into, hash);
    }

    // An address elsewhere that the hub gave may have run out, and it gives another.
    Exception Refused(HubAnswer answer) => client.IsHub(answer.At)
        ? repository.Refused(answer, file)
        : new HubBreakException($"{answer.At.Authority} answered {answer.Status} ({answer.Last.ReasonPhrase}) when asked for {file.Path}");

    LowrankException Sized(long told) => new(
        $"{file.Path} of {repository.Name} has {file.Size} bytes by the hub's list, and {told} or more are sent. It is not fetched.");

    void Write(HubAnswer answer, FileStream into, HubHash hash)
    {
        tag = answer.Last.Headers.ETag;
        if (answer.Last.Content.Headers.ContentLength is { } rest && into.Length + rest != file.Size) throw Sized(into.Length + rest);
        using var body = new HubBody(answer, settings.Patience, cancel);
        byte[] buffer = new byte[Buffer];
        while (body.Read(buffer) is > 0 and int read)
        {
            if (into.Length + read > file.Size) throw Sized(into.Length + read);
            into.Write(buffer, 0, read);
            hash.Add(buffer.AsSpan(0, read));
            arrived(into.Length);
        }
        if (into.Length < file.Size) throw new HubBreakException($"{answer.At.Authority} cut the connection");
    }
}
