// SPDX-License-Identifier: Apache-2.0
#include "run_children.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <list>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace blongo::app {
namespace {

constexpr int look_every_ms = 100; ///< for signals, and for children that ended while something holds their pipes
constexpr int lowest_fd = 10;      ///< of pipes: above everything that a child is given

/// A pipe's end that is closed at the end.
class PipeEnd {
public:
    PipeEnd() = default;
    explicit PipeEnd(int fd) : fd_(fd) {}
    PipeEnd(PipeEnd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    PipeEnd& operator=(PipeEnd&& other) noexcept {
        std::swap(fd_, other.fd_);
        return *this;
    }
    ~PipeEnd() { close(); }
    void close() {
        if (fd_ >= 0) (void)::close(fd_);
        fd_ = -1;
    }
    [[nodiscard]] int fd() const noexcept { return fd_; }
    [[nodiscard]] bool open() const noexcept { return fd_ >= 0; }

private:
    int fd_ = -1;
};

struct Pipe {
    PipeEnd read, write;
};

/// Both ends closed on exec, and neither below what a child is given.
std::optional<Pipe> make_pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return std::nullopt;
    const PipeEnd low_read(ends[0]), low_write(ends[1]);
    Pipe pipe{PipeEnd(::fcntl(ends[0], F_DUPFD_CLOEXEC, lowest_fd)), PipeEnd(::fcntl(ends[1], F_DUPFD_CLOEXEC, lowest_fd))};
    if (!pipe.read.open() || !pipe.write.open()) return std::nullopt;
    (void)::fcntl(pipe.read.fd(), F_SETFL, O_NONBLOCK);
    return pipe;
}

/// What comes out of a child's descriptor, handed on by whole lines.
struct Stream {
    PipeEnd pipe;
    std::function<void(std::string_view)> lines;
    std::string pending{};

    /// Reads what is there.
    void pump() {
        std::array<char, 65'536> buffer;
        while (pipe.open()) {
            const auto count = ::read(pipe.fd(), buffer.data(), buffer.size());
            if (count < 0 && errno == EINTR) continue;
            if (count < 0 && errno == EAGAIN) break;
            if (count <= 0) {
                pipe.close();
                break;
            }
            pending.append(buffer.data(), static_cast<std::size_t>(count));
            const auto end = pending.rfind('\n');
            if (end == std::string::npos) continue;
            lines(std::string_view(pending).substr(0, end + 1));
            pending.erase(0, end + 1);
        }
    }
    /// The child is gone: whoever still holds the pipe has nothing to say for it.
    void finish() {
        pump();
        pipe.close();
        if (!pending.empty()) lines(pending + '\n');
        pending.clear();
    }
};

struct RunningChild {
    std::size_t index = 0;
    pid_t pid = -1;
    Milliseconds began{0};
    std::vector<Stream> streams{}; ///< stdout, stderr, what it tells us
    bool signalled = false;
};

std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> out;
    out.reserve(texts.size() + 1);
    for (std::string& text : texts) out.push_back(text.data());
    out.push_back(nullptr);
    return out;
}

/// Starts this very program, even if its file was replaced meanwhile. 0, or errno.
int spawn_child(const std::vector<std::string>& arguments, int out, int err, int told, pid_t& pid) {
    std::vector<std::string> argv = {"blongo"};
    argv.insert(argv.end(), arguments.begin(), arguments.end());
    std::vector<std::string> environment;
    for (char** variable = environ; *variable != nullptr; ++variable) environment.emplace_back(*variable);
    environment.push_back(fmt::format("{}={}", part_variable, part_fd));
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    (void)posix_spawn_file_actions_init(&actions);
    (void)posix_spawnattr_init(&attributes);
    (void)posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    for (const auto& [from, to] : {std::pair{out, STDOUT_FILENO}, {err, STDERR_FILENO}, {told, part_fd}})
        (void)posix_spawn_file_actions_adddup2(&actions, from, to);
    (void)posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
    (void)posix_spawnattr_setpgroup(&attributes, 0);
    const int error =
        ::posix_spawn(&pid, "/proc/self/exe", &actions, &attributes, pointers(argv).data(), pointers(environment).data());
    (void)posix_spawn_file_actions_destroy(&actions);
    (void)posix_spawnattr_destroy(&attributes);
    return error;
}

ChildEnd could_not_start(int error) {
    ChildEnd end;
    end.started = true;
    end.exit_code = 1;
    end.error = make_error(ErrorKind::internal,
                           fmt::format("its process could not be started: {}", std::generic_category().message(error)), {},
                           "give this machine more processes or memory, or run with a smaller --parallel");
    return end;
}

class Supervisor {
public:
    explicit Supervisor(const ChildRun& run) : run_(run), ends_(run.count) {}

    std::vector<ChildEnd> all() {
        for (;;) {
            start_more();
            if (running_.empty()) return std::move(ends_);
            pass_signal_on();
            wait();
            for (auto child = running_.begin(); child != running_.end();) child = look_at(child);
        }
    }

private:
    void start_more() {
        while (running_.size() < run_.parallel && next_ < run_.count && !run_.stop.requested()) {
            const std::size_t index = next_++;
            if (const auto arguments = run_.arguments(index)) start(index, *arguments);
        }
    }

    void start(std::size_t index, const std::vector<std::string>& arguments) {
        auto out = make_pipe(), err = make_pipe(), told = make_pipe();
        if (!out || !err || !told) {
            ends_[index] = could_not_start(errno);
            return;
        }
        RunningChild child{index, -1, run_.clock.boot_time()};
        if (const int error = spawn_child(arguments, out->write.fd(), err->write.fd(), told->write.fd(), child.pid)) {
            ends_[index] = could_not_start(error);
            return;
        }
        ends_[index].started = true;
        child.streams.push_back({std::move(out->read), run_.out});
        child.streams.push_back({std::move(err->read), run_.err});
        child.streams.push_back({std::move(told->read), [this, index](std::string_view lines) { ends_[index].told += lines; }});
        running_.push_back(std::move(child));
    }

    /// A closed stdout stops the run, too: the children are asked to end like by a terminal.
    void pass_signal_on() {
        if (!run_.stop.requested()) return;
        for (RunningChild& child : running_) {
            if (child.signalled) continue;
            child.signalled = true;
            (void)::kill(child.pid, passed_on());
        }
    }
    [[nodiscard]] int passed_on() const { return run_.stop.signal() == SIGINT ? SIGINT : SIGTERM; }

    void wait() {
        std::vector<pollfd> polled;
        for (const RunningChild& child : running_)
            for (const Stream& stream : child.streams)
                if (stream.pipe.open()) polled.push_back({stream.pipe.fd(), POLLIN, 0});
        (void)::poll(polled.data(), polled.size(), look_every_ms);
    }

    std::list<RunningChild>::iterator look_at(std::list<RunningChild>::iterator child) {
        bool talks = false;
        for (Stream& stream : child->streams) {
            stream.pump();
            talks = talks || stream.pipe.open();
        }
        int status = 0;
        const pid_t ended = ::waitpid(child->pid, &status, talks ? WNOHANG : 0);
        if (ended == 0 || (ended < 0 && errno == EINTR)) return std::next(child);
        for (Stream& stream : child->streams) stream.finish();
        ChildEnd& end = ends_[child->index];
        end.duration = run_.clock.boot_time() - child->began;
        if (ended > 0 && WIFEXITED(status))
            end.exit_code = WEXITSTATUS(status);
        else
            judge_signal(end, ended > 0 ? WTERMSIG(status) : 0, child->signalled);
        return running_.erase(child);
    }

    void judge_signal(ChildEnd& end, int signal, bool signalled) const {
        if (signalled && signal == passed_on()) { // it had not begun to listen
            end.exit_code = 128 + signal;
            return;
        }
        end.exit_code = 1;
        end.error =
            make_error(ErrorKind::internal,
                       signal == 0 ? std::string("its process is gone")
                                   : fmt::format("its process was ended by signal {} ({})", signal, ::strsignal(signal)),
                       {},
                       signal == SIGKILL ? "out of memory, or somebody killed it; the next run settles what was under way"
                                         : "the next run settles what was under way; this is a bug in blongo: please report it");
    }

    const ChildRun& run_;
    std::vector<ChildEnd> ends_;
    std::list<RunningChild> running_;
    std::size_t next_ = 0;
};

} // namespace

std::vector<ChildEnd> run_children(const ChildRun& run) {
    return Supervisor(run).all();
}

} // namespace blongo::app
